"""What is posted to payees so far, in columns: what recalculation compares with."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from incentives.core.ledger_lines import NOTHING_HELD, HeldLines, Lines
from incentives.store.driver import Driver


class LastPosting(NamedTuple):
    """The newest posting to a payee: its number, its last line, and its hash."""

    number: int = 0
    sequence: int = 0
    hash: str = ""


NOTHING_POSTED = LastPosting()


@dataclass(frozen=True, slots=True)
class Account:
    """What a payee holds about each subject, and the last posting."""

    held: HeldLines = NOTHING_HELD
    last: LastPosting = NOTHING_POSTED


def last_postings(session: Session, payee_ids: Collection[int]) -> dict[int, LastPosting]:
    """The newest posting of each payee who has one."""
    rows = Driver(session).rows_in_parts(
        "SELECT payee_id, number, first_sequence + lines - 1, hash FROM posting "
        "WHERE payee_id IN :ids ORDER BY payee_id, number",
        ids=payee_ids,
    )
    return {payee_id: LastPosting(*rest) for payee_id, *rest in rows}


def accounts_of(
    session: Session, payee_ids: Collection[int], component_ids: Collection[int]
) -> dict[int, Account]:
    """What each payee holds of some components."""
    last = last_postings(session, payee_ids)
    driver = Driver(session)
    rows = driver.rows_in_parts(
        "SELECT payee_id, component_id, activity_id, origin_period, aspect, amount, "
        "CAST(day AS VARCHAR(10)), terms_id, coalesce(steps, ''), amends, sequence "
        "FROM posted_line WHERE payee_id IN :ids "
        "ORDER BY payee_id, component_id, activity_id, origin_period, aspect, amends",
        ids=last,
    )
    terms_ids = {row[7] for row in rows}
    names: dict[int, str] = dict(
        driver.rows_in_parts("SELECT id, hash FROM line_terms WHERE id IN :ids", ids=terms_ids)
    )
    accounts = {payee_id: Account() for payee_id in payee_ids}
    for payee_id, theirs in groupby(rows, key=itemgetter(0)):
        mine = [row for row in theirs if row[1] in component_ids]
        accounts[payee_id] = Account(_held(mine, names), last[payee_id])
    return accounts


def _held(rows: Sequence[tuple[Any, ...]], names: dict[int, str]) -> HeldLines:
    """One entry a subject. Its lines follow each other, each behind the one that it amends."""
    amended = [at for at, row in enumerate(rows) if row[9]]
    last = [(row[10], 1) for row in rows]
    if amended:
        kept = list(rows)
        for at in amended:
            amount = kept[at - 1][5] + kept[at][5]
            kept[at] = (*kept[at][:5], amount, *kept[at][6:])
            last[at] = (last[at][0], last[at - 1][1] + 1)
        superseded = {at - 1 for at in amended}
        rows = [row for at, row in enumerate(kept) if at not in superseded]
        last = [each for at, each in enumerate(last) if at not in superseded]
    if not rows:
        return NOTHING_HELD
    _, components, activity_ids, origins, aspects, amounts, days, terms_ids, steps, *_ = zip(
        *rows, strict=True
    )
    terms = [names[terms_id] for terms_id in terms_ids]
    lines = Lines(components, activity_ids, origins, aspects, amounts, days, terms, steps)
    return HeldLines(lines, last)
