"""Activities: each stored once, revisions without gaps, credits that follow the newest one."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from incentives.verify.book import Book, as_instant
from incentives.verify.canonical import number_of, text_of
from incentives.verify.company_days import as_micros
from incentives.verify.differences import Difference, Seen

NAME = "facts"
WHAT = (
    "Each activity is stored once with all its revisions, none that was acknowledged is missing, "
    "and credits say what the newest revision says, with shares of 100 %."
)

_WHOLE = 100 * 10**6
_NO_DATE = 2**63 - 1
_AT_ONCE = 400


def differences(book: Book, seen: Seen) -> Iterator[Difference]:
    yield from _twice(book)
    yield from _gaps_in_revisions(book, seen)
    yield from _credits(book, seen)
    yield from _acknowledged(book, seen)


def _twice(book: Book) -> Iterator[Difference]:
    rows = book.snapshot.stream(
        "SELECT source, external_id, count(*) FROM activity "
        "GROUP BY source, external_id HAVING count(*) > 1"
    )
    for source, external_id, times in rows:
        yield Difference(f"is stored {times} times", {"activity of": f"{source} {external_id}"})


def _gaps_in_revisions(book: Book, seen: Seen) -> Iterator[Difference]:
    rows = book.snapshot.stream(
        "SELECT a.id, a.revision, count(r.revision), coalesce(min(r.revision), 1), "
        "coalesce(max(r.revision), 0) FROM activity a "
        "LEFT JOIN activity_revision r ON r.activity_id = a.id "
        "GROUP BY a.id, a.revision ORDER BY a.id"
    )
    for activity_id, revision, kept, first, last in rows:
        seen.count("revisions", kept + 1)
        if (kept, first, last) != (revision - 1, 1, revision - 1):
            said = f"is at revision {revision}, but {kept} earlier ones are kept, {first} to {last}"
            yield Difference(said, {"activity": activity_id})


def _credits(book: Book, seen: Seen) -> Iterator[Difference]:
    names = (
        "source",
        "external_id",
        "kind",
        "amount",
        "currency",
        "quantity",
        "attributes",
    )
    said, credited = (", ".join(f"{table}.{name}" for name in names) for table in "ac")
    rows = book.snapshot.stream(
        f"SELECT a.id, {said}, a.occurred_at, a.received_at, a.reversed, a.reversed_at, "  # noqa: S608
        f"a.content_hash, c.payee_id, c.percent, c.overlay, {credited}, c.occurred_micros, "
        "c.received_micros, c.reversed_micros "
        "FROM activity a LEFT JOIN credit c ON c.activity_id = a.id ORDER BY a.id"
    )
    for _, group in groupby(rows, key=itemgetter(0)):
        yield from _of_activity(book, list(group), seen)


def _of_activity(book: Book, rows: list[tuple[Any, ...]], seen: Seen) -> Iterator[Difference]:
    activity_id, *said = rows[0][:13]
    ids = {"activity": activity_id, "of": f"{said[0]} {said[1]}"}
    seen.count("activities")
    if rows[0][13] is None:
        yield Difference("is credited to nobody", ids)
        return
    seen.count("credits", len(rows))
    occurred_at, received_at, is_reversed, reversed_at, content_hash = said[7:]
    moments = _micros(occurred_at, _NO_DATE), _micros(received_at), _micros(reversed_at)
    if bool(is_reversed) != (reversed_at is not None):
        yield Difference("is reversed without a moment, or has one without being reversed", ids)
    for row in rows:
        if row[16:23] != tuple(said[:7]) or row[23:] != moments:
            yield Difference("does not say what the activity says", {**ids, "payee": row[13]})
    shares = [(row[13], row[14], bool(row[15])) for row in rows]
    total = sum(percent for _, percent, overlay in shares if not overlay)
    if total != _WHOLE:
        yield Difference(f"the shares total {number_of(total)} %, not 100 %", ids)
    if any(not 0 <= percent <= _WHOLE for _, percent, _ in shares):
        yield Difference("a share is not between 0 and 100 %", ids)
    if said[2] == "cash_received":
        yield from _follows_its_deal(book, said, shares, ids)
    elif _content_hash(said, shares) != content_hash:
        yield Difference("its content or its shares are not what came in: other hash", ids)


def _micros(stored: datetime | str | None, missing: int | None = None) -> int | None:
    return missing if stored is None else as_micros(as_instant(stored))


def _content_hash(said: list[Any], shares: list[tuple[int, int, bool]]) -> str:
    """Of what an activity says and who shares it, as it was when it came in."""
    _, _, kind, amount, currency, quantity, attributes, occurred_at, _, is_reversed, *_ = said
    content = {
        "kind": kind,
        "occurred_at": None if occurred_at is None else as_instant(occurred_at).isoformat(),
        "amount": None if amount is None else number_of(amount),
        "currency": currency,
        "quantity": number_of(quantity),
        "attributes": json.loads(attributes),
        "reversed": bool(is_reversed),
        "shares": [
            [payee_id, number_of(percent), *(["overlay"] if overlay else [])]
            for payee_id, percent, overlay in sorted(shares, key=itemgetter(0, 2))
        ],
    }
    return hashlib.sha256(text_of(content).encode()).hexdigest()


def _follows_its_deal(
    book: Book, said: list[Any], shares: list[tuple[int, int, bool]], ids: dict[str, Any]
) -> Iterator[Difference]:
    """Cash is shared as its deal is, also when that goes to other payees later."""
    attributes = json.loads(said[6])
    rows = book.snapshot.rows(
        "SELECT c.payee_id, c.percent, c.overlay FROM activity a "
        "JOIN credit c ON c.activity_id = a.id "
        "WHERE a.source = ? AND a.external_id = ?",
        attributes.get("deal_source") or said[0],
        attributes.get("deal", ""),
    )
    if {(payee_id, percent, bool(overlay)) for payee_id, percent, overlay in rows} != set(shares):
        yield Difference("is not shared as its deal is", ids)


def _acknowledged(book: Book, seen: Seen) -> Iterator[Difference]:
    if book.acknowledged is None:
        return
    with book.acknowledged.open(encoding="utf-8") as file:
        keys = (line.rstrip("\n").split("\t", 1) for line in file if line.strip())
        while part := list(islice(keys, _AT_ONCE)):
            seen.count("acknowledged", len(part))
            stored = _stored_of(book, {key[-1] for key in part})
            for source, external_id in (key for key in map(tuple, part) if key not in stored):
                said = f"{source} {external_id}"
                yield Difference("was acknowledged, but is not stored", {"activity of": said})


def _stored_of(book: Book, external_ids: Iterable[str]) -> set[tuple[str, ...]]:
    rows = book.snapshot.rows(
        "SELECT source, external_id FROM activity WHERE external_id IN :ids",
        ids=list(external_ids),
    )
    return set(rows)
