"""What is posted to payees so far, in columns: what recalculation compares with."""

from collections.abc import Collection, Sequence
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


def last_postings(session: Session, payee_ids: Collection[int]) -> dict[int, LastPosting]:
    """The newest posting of each payee."""
    rows = Driver(session).rows_in_parts(
        "SELECT payee_id, number, first_sequence + lines - 1, hash FROM posting "
        "WHERE payee_id IN :ids AND number = ("
        "SELECT max(number) FROM posting AS other WHERE other.payee_id = posting.payee_id)",
        ids=payee_ids,
    )
    last = {payee_id: LastPosting(*rest) for payee_id, *rest in rows}
    return dict.fromkeys(payee_ids, NOTHING_POSTED) | last


def held_lines(
    session: Session,
    payee_id: int,
    component_ids: Collection[int],
    origins: Collection[str] | None = None,
) -> HeldLines:
    """What a payee holds of some components: in some periods, or in all."""
    driver = Driver(session)
    select = (
        "SELECT component_id, activity_id, origin_period, aspect, amount, "
        "CAST(day AS VARCHAR(10)), terms_id, coalesce(steps, ''), amends, sequence "
        "FROM posted_line WHERE {} payee_id = ? "
        "ORDER BY component_id, activity_id, origin_period, aspect, amends"
    )
    if origins is None:
        rows = driver.rows(select.format(""), payee_id)
    else:
        rows = driver.rows(select.format("origin_period IN :ids AND"), payee_id, ids=origins)
    rows = [row for row in rows if row[0] in component_ids]
    terms_ids = {row[6] for row in rows}
    names: dict[int, str] = dict(
        driver.rows_in_parts("SELECT id, hash FROM line_terms WHERE id IN :ids", ids=terms_ids)
    )
    return _held(rows, names)


def _held(rows: Sequence[tuple[Any, ...]], names: dict[int, str]) -> HeldLines:
    """One entry a subject. Its lines follow each other, each behind the one that it amends."""
    amended = [at for at, row in enumerate(rows) if row[8]]
    last = [(row[9], 1) for row in rows]
    if amended:
        kept = list(rows)
        for at in amended:
            amount = kept[at - 1][4] + kept[at][4]
            kept[at] = (*kept[at][:4], amount, *kept[at][5:])
            last[at] = (last[at][0], last[at - 1][1] + 1)
        superseded = {at - 1 for at in amended}
        rows = [row for at, row in enumerate(kept) if at not in superseded]
        last = [each for at, each in enumerate(last) if at not in superseded]
    if not rows:
        return NOTHING_HELD
    components, activity_ids, origins, aspects, amounts, days, terms_ids, steps, *_ = zip(
        *rows, strict=True
    )
    terms = [names[terms_id] for terms_id in terms_ids]
    lines = Lines(components, activity_ids, origins, aspects, amounts, days, terms, steps)
    return HeldLines(lines, last)
