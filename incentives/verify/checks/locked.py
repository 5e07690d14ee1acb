"""Locked is locked: frozen statements keep every byte, and nothing is posted behind a lock."""

import hashlib
from collections.abc import Iterator

from incentives.verify.book import Book
from incentives.verify.differences import Difference, Seen

NAME = "locked"
WHAT = (
    "Each frozen statement has the SHA-256 it was frozen with, and nothing was posted in a locked "
    "pay period after its lock."
)


def differences(book: Book, seen: Seen) -> Iterator[Difference]:
    if "period_lock" not in book.tables:
        seen.leave("locks: this database knows none yet")
        return
    yield from _statements(book, seen)
    yield from _posted_late(book, seen)


def _statements(book: Book, seen: Seen) -> Iterator[Difference]:
    rows = book.snapshot.stream(
        "SELECT payee_id, period, payout, statement, sha256 FROM locked_statement "
        "ORDER BY period, payee_id"
    )
    for payee_id, period, payout, statement, sha256 in rows:
        seen.count("frozen statements")
        ids = {"payee": payee_id, "statement of": period}
        if hashlib.sha256(f"{payout}\n{statement}".encode()).hexdigest() != sha256.strip():
            yield Difference("is not what was frozen", ids)
        if period not in book.locks:
            yield Difference("is frozen, but its period is not locked", ids)


def _posted_late(book: Book, seen: Seen) -> Iterator[Difference]:
    seen.count("locked periods", len(book.locks))
    rows = book.snapshot.stream(
        "SELECT l.payee_id, l.sequence, l.period FROM posted_line l "
        "JOIN period_lock k ON k.period = l.period "
        "JOIN posting p ON p.payee_id = l.payee_id AND l.sequence >= p.first_sequence "
        "AND l.sequence < p.first_sequence + p.lines "
        "WHERE p.posted_at > k.locked_at ORDER BY l.payee_id, l.sequence"
    )
    for payee_id, sequence, period in rows:
        said = f"was posted in {period} after that was locked"
        yield Difference(said, {"payee": payee_id, "line": sequence})
