"""Declare results of ended contests, and bring their prizes to the ledger (semantics 32 to 34)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from incentives.core.measures import POINTS
from incentives.core.money import from_minor
from incentives.core.plans import canonical
from incentives.core.posting import Subject
from incentives.core.results import MONEY, NO_ACTIVITY
from incentives.live.announce import announce
from incentives.operations.change_contests import locked_contest
from incentives.operations.contest_rows import ContestRow, contest_rows
from incentives.operations.contest_standings import ONE_MOMENT
from incentives.operations.post_lines import Award, post_lines
from incentives.queue import ask_for_refresh
from incentives.store.companies import Company, the_company
from incentives.store.contests import (
    CANCELLED,
    FINAL,
    PROVISIONAL,
    Contest,
    ContestResult,
    has_begun_between,
    unsettled_contests,
)
from incentives.store.ledger import EarningComponent, PostedLine
from incentives.store.line_terms import TermsSaid
from incentives.store.markers import mark_stale, stale_payees
from incentives.store.transaction import lock_payees, writing

PRIZE = "prize"
# Longer than the ticker's step: pages of a contest that begins are told once, or twice.
JUST_BEGUN = timedelta(seconds=10)


def settle_contests(*, now: datetime) -> int:
    """Settle every contest that is due. Returns how many results were declared.

    Repeatable: with nothing new it declares and posts nothing, whoever else does the same.
    """
    # Looks first, so that an ended contest does not take the write lock all through its grace.
    due = [contest.slug for contest in unsettled_contests(now) if _due_result(contest, now)]
    declared = sum(_settle(slug, now) for slug in due)
    if declared:
        ask_for_refresh()
    if declared or has_begun_between(now - JUST_BEGUN, now):
        announce()
    return declared


def _settle(slug: str, now: datetime) -> bool:
    with writing() as session:
        contest = locked_contest(session, slug)
        result = _due_result(contest, now)
        if result is None:
            return False
        contest.results.append(
            ContestResult(
                version=len(contest.results) + 1,
                state=result.state,
                standings=_stored(result.rows),
                declared_at=now,
            )
        )
        changed = _post_prizes(session, contest, result.rows, now)
        mark_stale(session, changed, now)
    return True


@dataclass(frozen=True, slots=True)
class _Result:
    state: str
    rows: list[ContestRow]


def _due_result(contest: Contest, now: datetime) -> _Result | None:
    """The result to declare now, None where the last one still says it."""
    last = contest.results[-1] if contest.results else None
    state = contest.state_at(now)
    if state == CANCELLED:
        # Nothing was declared, or that it is off: then there is nothing to take back.
        return None if last is None or last.state == CANCELLED else _Result(state, [])
    if state not in (PROVISIONAL, FINAL) or (last is not None and last.state == FINAL):
        return None
    # Asked before the rows are read: what is worked in meanwhile is then in them, or waited for.
    behind = stale_payees() if contest.kpi == POINTS else []
    rows = contest_rows(contest, now=now, company=the_company())
    # Points come from the ledger: they are final only when every entrant's ledger is.
    if state == FINAL and not {row.entrant.id for row in rows}.isdisjoint(behind):
        return None
    if last is not None and last.state == state and last.standings == _stored(rows):
        return None
    return _Result(state, rows)


def _stored(rows: Sequence[ContestRow]) -> list[dict[str, object]]:
    return [row.as_stored() for row in rows]


def _post_prizes(
    session: Session,
    contest: Contest,
    rows: Sequence[ContestRow],
    now: datetime,
) -> list[int]:
    """Post target − posted for everybody who wins or has won. Returns whose ledger changed."""
    company = the_company()
    winners = {row.entrant.id: row for row in rows if row.prize_minor}
    component = _component(session, contest)
    # A prize is about a contest, not about one activity.
    subject = Subject(_pay_period(contest, company), NO_ACTIVITY, component.id)
    changed = []
    payee_ids = sorted(winners.keys() | _posted_to(session, component.id))
    # All at once, before the first line: who locks a period waits for whoever has posted.
    lock_payees(session, payee_ids)
    for payee_id in payee_ids:
        row = winners.get(payee_id)
        awards = {subject: _award(contest, component, row, company)} if row else {}
        if post_lines(session, payee_id, [component.id], awards, now=now):
            changed.append(payee_id)
    return changed


def _pay_period(contest: Contest, company: Company) -> str:
    last_day = company.calendar.day_of(contest.ends_at - ONE_MOMENT)
    return company.calendar.period_of(last_day, "month").key


def _component(session: Session, contest: Contest) -> EarningComponent:
    query = select(EarningComponent).where(
        EarningComponent.contest_id == contest.id, EarningComponent.key == PRIZE
    )
    component = session.scalars(query).first()
    if component is None:
        component = EarningComponent(
            contest_id=contest.id,
            key=PRIZE,
            name=f"Prize, {contest.name}"[:120],
            yields=MONEY,
            currency=contest.prizes[0].currency,
        )
        session.add(component)
        session.flush()
    return component


def _posted_to(session: Session, component_id: int) -> set[int]:
    query = select(PostedLine.payee_id).where(PostedLine.component_id == component_id)
    return set(session.scalars(query.distinct()))


def _award(
    contest: Contest, component: EarningComponent, row: ContestRow, company: Company
) -> Award:
    standing = row.standing
    said = {
        "contest": contest.slug,
        "name": contest.name,
        "kpi": contest.kpi,
        "place": standing.place,
        "tied": standing.tied,
        "score": format(standing.score or Decimal(0), "f"),
        "prizes": {str(p.place): p.amount_minor for p in contest.prizes},
        "exact": format(from_minor(row.prize_minor, contest.prizes[0].currency), "f"),
    }
    return Award(
        amount=row.prize_minor,
        day=company.calendar.day_of(contest.ends_at - ONE_MOMENT),
        terms=TermsSaid(component.id, None, canonical(said)),
    )
