"""Locked is locked: frozen statements keep every byte, and no money is posted behind a lock."""

import hashlib
import json
from collections.abc import Iterator

from incentives.verify.book import Book
from incentives.verify.differences import Difference, Seen

NAME = "locked"
WHAT = (
    "Each frozen statement has the SHA-256 it was frozen with, and the sums of the money that is "
    "posted in its pay periods: none was posted in them after their lock."
)


def differences(book: Book, seen: Seen) -> Iterator[Difference]:
    if "period_lock" not in book.tables:
        seen.leave("locks: this database knows none yet")
        return
    yield from _statements(book, seen)
    yield from _sums(book, seen)


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


def _sums(book: Book, seen: Seen) -> Iterator[Difference]:
    """By no clock: whatever was posted behind a lock is missing in what was frozen."""
    seen.count("locked periods", len(book.locks))
    frozen, posted = _frozen(book), _posted(book)
    for payee_id, plan_id, currency, period in sorted({*frozen, *posted}):
        pay = payee_id, plan_id, currency, period
        seen.count("frozen amounts")
        if frozen.get(pay, 0) != posted.get(pay, 0):
            said = f"{frozen.get(pay, 0)} is frozen, {posted.get(pay, 0)} is posted in {currency}"
            yield Difference(said, {"payee": payee_id, "plan": plan_id, "period": period})


# Payee, plan, currency and pay period; the plan is 0 for prizes.
_Pay = tuple[int, int, str, str]


def _frozen(book: Book) -> dict[_Pay, int]:
    """What was earned by each frozen statement, in minor units."""
    found: dict[_Pay, int] = {}
    rows = book.snapshot.stream("SELECT payee_id, payout FROM locked_statement")
    for payee_id, payout in rows:
        for account in json.loads(payout)["accounts"]:
            pay = payee_id, account["plan_id"], account["currency"]
            for settlement in account["settlements"]:
                if settlement["period"] in book.locks:
                    found[*pay, settlement["period"]] = settlement["earned"]
    return found


def _posted(book: Book) -> dict[_Pay, int]:
    rows = book.snapshot.rows(
        "SELECT l.payee_id, coalesce(c.plan_id, c.adjusts_plan_id, 0), c.currency, l.period, "
        "sum(l.amount) FROM posted_line l JOIN component c ON c.id = l.component_id "
        "JOIN period_lock k ON k.period = l.period WHERE c.yields = 'money' "
        "GROUP BY l.payee_id, coalesce(c.plan_id, c.adjusts_plan_id, 0), c.currency, l.period"
    )
    return {tuple(pay): int(amount) for *pay, amount in rows}
