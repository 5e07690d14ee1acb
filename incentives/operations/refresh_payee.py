"""Bring one payee up to date: ledger, day results and issues. Never "add 10"."""

from datetime import datetime

from sqlalchemy.orm import Session

from incentives.core.calculate import calculate
from incentives.core.day_results import roll_up
from incentives.core.results import Calculation
from incentives.operations.post_lines import Target, post_lines
from incentives.store import activities, calculation_issues, day_results, markers, plans, quotas
from incentives.store.companies import the_company
from incentives.store.ledger import Subject, all_plan_components
from incentives.store.transaction import lock_payee, writing


def refresh_payee(payee_id: int, *, now: datetime) -> int:
    """Work in every change to a payee so far, in one transaction. Returns how many lines it posted.

    Whatever changes while it runs stays wanted and is worked in next time.
    """
    with writing() as session:
        lock_payee(session, payee_id)
        seen = markers.wanted(session, payee_id)
        company = the_company()
        credits = activities.credits_of(payee_id, until=now)
        result = calculate(
            plans.agreements_of(payee_id), credits, quotas.quotas_of(payee_id), company.calendar
        )
        posted = _post(session, payee_id, result, now)
        days = roll_up(payee_id, credits, result.lines, company.calendar, company.currency)
        day_results.replace_for(session, payee_id, days)
        calculation_issues.replace_issues(session, payee_id, result.issues)
        markers.raise_computed(session, payee_id, seen)
    return posted


def _post(session: Session, payee_id: int, result: Calculation, now: datetime) -> int:
    components = all_plan_components(session)
    targets = {
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
    return post_lines(session, payee_id, set(components.values()), targets, now=now)
