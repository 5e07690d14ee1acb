"""The hashes of postings, reckoned anew from the lines (semantics 22).

A line is one text: its columns with tabs between them, the terms by their hash, a dash for the
steps of a line that withdraws. The hash of a posting is SHA-256 over a head and these texts, a row
each; the head is the JSON of the hash before, the payee, the number, the first sequence and the
moment in microseconds. `checks` holds the CRC-32 of each text, four bytes each.
"""

import hashlib
from array import array
from collections.abc import Iterator, Sequence
from typing import Any
from zlib import crc32

from incentives.verify.book import Book, Line, as_instant
from incentives.verify.canonical import text_of
from incentives.verify.company_days import as_micros
from incentives.verify.differences import Difference, Seen

NAME = "chain"
WHAT = "The hash of each posting is that of its lines and of the posting before it."


def differences(book: Book, seen: Seen) -> Iterator[Difference]:
    yield from _terms(book, seen)
    for payee_id in book.payees:
        yield from _of_payee(book, payee_id, seen)


def _terms(book: Book, seen: Seen) -> Iterator[Difference]:
    rows = book.snapshot.stream(
        "SELECT id, component_id, plan_version_id, content, hash FROM line_terms ORDER BY id"
    )
    for terms_id, *said, hash_ in rows:
        seen.count("terms")
        if hashlib.sha256(text_of(said).encode()).hexdigest() != hash_:
            yield Difference("does not say what it said when it was made", {"terms": terms_id})


def _of_payee(book: Book, payee_id: int, seen: Seen) -> Iterator[Difference]:
    lines = {line.sequence: line for line in book.lines(payee_id)}
    seen.count("lines", len(lines))
    postings = book.snapshot.stream(
        "SELECT number, posted_at, first_sequence, lines, hash, checks FROM posting "
        "WHERE payee_id = ? ORDER BY number",
        payee_id,
    )
    before = ""
    told: set[int] = set()
    for number, posted_at, first, count, hash_, checks in postings:
        seen.count("postings")
        sequences = range(first, first + count)
        texts = [_text(book, lines[each]) for each in sequences if each in lines]
        head = text_of([before, payee_id, number, first, as_micros(as_instant(posted_at))])
        reckoned = hashlib.sha256("\n".join([head, *texts]).encode()).hexdigest()
        if reckoned != hash_:
            ids = {"payee": payee_id, "posting": number}
            yield _what_changed(ids, [(each, lines.get(each)) for each in sequences], checks, book)
        told.update(sequences)
        before = hash_
    stray = sorted(lines.keys() - told)
    if stray:
        yield Difference("is in no posting", {"payee": payee_id, "line": stray[0]})


def _text(book: Book, line: Line) -> str:
    terms = book.terms(line.terms_id)
    columns = (
        line.component_id,
        line.activity_id,
        line.origin,
        line.aspect,
        line.amends,
        line.period,
        line.day,
        line.amount,
        terms.hash if terms else "",
        "-" if line.steps is None else line.steps,
    )
    return "\t".join(map(str, columns))


def _what_changed(
    ids: dict[str, Any], lines: Sequence[tuple[int, Line | None]], checks: bytes, book: Book
) -> Difference:
    """The first line of a posting that is gone or is not what it was."""
    was = array("I", bytes(checks))
    for place, (sequence, line) in enumerate(lines):
        if line is None:
            return Difference("is missing", {**ids, "line": sequence})
        now = crc32(_text(book, line).encode())
        if place < len(was) and now != was[place]:
            other = next((lines[at][0] for at, each in enumerate(was) if each == now), None)
            said = "is not what was posted" if other is None else f"stands in place of line {other}"
            return Difference(said, {**ids, "line": sequence, **_about(line)})
    return Difference("itself, or the hash of the posting before it, is not what it was", ids)


def _about(line: Line) -> dict[str, Any]:
    about = {"activity": line.activity_id} if line.activity_id else {}
    return {"component": line.component_id, **about}
