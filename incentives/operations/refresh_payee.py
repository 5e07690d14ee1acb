"""Bring one payee up to date: ledger, day results and issues. Never "add 10"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from incentives.core.calculate import calculate
from incentives.core.day_results import roll_up
from incentives.core.results import Calculation, CalculationIssue
from incentives.extensions import db
from incentives.operations.post_lines import Target, missing_lines
from incentives.store import activities, calculation_issues, day_results, markers, plans, quotas
from incentives.store.companies import the_company
from incentives.store.day_results import DayChanges
from incentives.store.ledger import (
    Draft,
    Subject,
    all_plan_components,
    append_lines,
    held_by,
    last_line,
)
from incentives.store.transaction import lock_payee, writing


@dataclass(frozen=True, slots=True)
class _Due:
    """What a payee is owed, and the state of the store that it was worked out from."""

    wanted: int
    computed: int
    last_sequence: int
    lines: Sequence[Draft]
    days: DayChanges
    issues: Sequence[CalculationIssue]


def refresh_payee(payee_id: int, *, now: datetime) -> int:
    """Work in every change to a payee so far. Returns how many lines it posted.

    Whatever changes while it runs stays wanted and is worked in next time. The sum is made before
    anything is locked, so that intake never waits for it; if somebody else has posted to the payee
    meanwhile, it is made again.
    """
    while True:
        due = _work_out(payee_id, now)
        if _store(payee_id, due, now):
            return len(due.lines)


def _work_out(payee_id: int, now: datetime) -> _Due:
    session = db.session()
    # Nothing older than this moment may be read.
    session.rollback()
    # Read first: what comes after is worked in again, never overlooked.
    wanted, computed = markers.wanted(session, payee_id), markers.computed(session, payee_id)
    last_sequence, _ = last_line(session, payee_id)
    company = the_company()
    components = all_plan_components(session)
    credits = activities.credits_of(payee_id, until=now)
    result = calculate(
        plans.agreements_of(payee_id), credits, quotas.quotas_of(payee_id), company.calendar
    )
    days = roll_up(payee_id, credits, result.lines, company.calendar, company.currency)
    held = held_by(session, payee_id, set(components.values()))
    return _Due(
        wanted=wanted,
        computed=computed,
        last_sequence=last_sequence,
        lines=missing_lines(_targets(result, components), held),
        days=day_results.changes_for(payee_id, days),
        issues=result.issues,
    )


def _targets(result: Calculation, components: dict[tuple[int, str], int]) -> dict[Subject, Target]:
    return {
        Subject(
            components[line.key.plan_id, line.key.component],
            line.key.activity_id,
            line.key.period,
        ): Target(
            line.amount,
            line.yields,
            line.currency,
            line.day,
            line.plan_version_id,
            line.working,
        )
        for line in result.lines
    }


def _store(payee_id: int, due: _Due, now: datetime) -> bool:
    """Write what is due, in one transaction; False where somebody else has posted since."""
    with writing() as session:
        lock_payee(session, payee_id)
        last_sequence, _ = last_line(session, payee_id)
        if (markers.computed(session, payee_id), last_sequence) != (
            due.computed,
            due.last_sequence,
        ):
            return False
        append_lines(session, payee_id, due.lines, now=now)
        day_results.write_changes(session, payee_id, due.days)
        calculation_issues.replace_issues(session, payee_id, due.issues)
        markers.raise_computed(session, payee_id, due.wanted)
    return True
