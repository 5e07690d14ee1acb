"""Set what a payee, or a team, should reach in a period."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from incentives.core.calendar import Period
from incentives.core.case import TARGET_INCENTIVE
from incentives.core.measures import MEASURES
from incentives.core.money import has_too_many_decimals, minor_digits
from incentives.errors import Invalid
from incentives.operations.record_activities import CHANGED, CREATED, UNCHANGED
from incentives.store.audit import record
from incentives.store.companies import the_company
from incentives.store.markers import mark_stale
from incentives.store.people import Person
from incentives.store.quotas import Quota, TeamQuota, quota, team_quota
from incentives.store.teams import Team, stays, with_teams_inside

TEAM_LABELS = {measure.slug: measure.label for measure in MEASURES.values()}
# What a quota can be set for. A target incentive is what somebody has agreed on, never a team.
LABELS = {**TEAM_LABELS, TARGET_INCENTIVE: "Target incentive"}

LARGEST = Decimal(10) ** 11


def set_quota(
    session: Session,
    payee: Person,
    measure: str,
    period: str,
    amount: Decimal | None,
    *,
    by: int | None,
    now: datetime,
) -> str:
    """Set, change or (with None) take away a quota. Unchanged, nothing happens. Says whether it
    was created, changed or unchanged."""
    _check(LABELS, measure, period, amount)
    fresh = Quota(payee_id=payee.id, measure=measure, period=period)
    stored = quota(payee.id, measure, period)
    status = _put(session, stored, fresh, amount, payee.name, by=by, now=now)
    if status != UNCHANGED:
        mark_stale(session, [payee.id], now)
    return status


def set_team_quota(
    session: Session,
    team: Team,
    measure: str,
    period: str,
    amount: Decimal | None,
    *,
    by: int | None,
    now: datetime,
) -> str:
    """The same for a team: it concerns whoever is in it during the period."""
    span = _check(TEAM_LABELS, measure, period, amount)
    fresh = TeamQuota(team_id=team.id, measure=measure, period=period)
    stored = team_quota(team.id, measure, period)
    status = _put(session, stored, fresh, amount, f"team {team.name}", by=by, now=now)
    if status != UNCHANGED:
        members = {stay.payee_id for stay in stays(span, with_teams_inside([team.id]))}
        mark_stale(session, members, now)
    return status


def quota_problem(measure: str, amount: Decimal | None) -> str:
    """What is wrong with an amount, as a sentence; empty where it can be set."""
    if amount is None:
        return ""
    if amount < 0:
        return "Write 0 or more."
    if amount >= LARGEST:
        return "Write a smaller number."
    currency = the_company().currency
    is_money = measure in MEASURES and MEASURES[measure].unit == "money"
    if is_money and has_too_many_decimals(amount, currency):
        return f"{currency} has {minor_digits(currency)} decimals. Write fewer."
    if has_too_many_decimals(amount, "USD"):
        return "Write at most two decimals."
    return ""


def _check(measures: dict[str, str], measure: str, period: str, amount: Decimal | None) -> Period:
    span = the_company().calendar.period_named(period)
    if measure not in measures or span is None:
        raise Invalid("quota", "There is no such measure or period.")
    if problem := quota_problem(measure, amount):
        raise Invalid("quota", f"No quota was set. {problem}", fields={"amount": [problem]})
    return span


def _put(
    session: Session,
    stored: Quota | TeamQuota | None,
    fresh: Quota | TeamQuota,
    amount: Decimal | None,
    whose: str,
    *,
    by: int | None,
    now: datetime,
) -> str:
    before = stored.amount if stored else None
    if before == amount:
        return UNCHANGED
    if amount is None:
        session.delete(stored)
    elif stored is None:
        fresh.amount = amount
        session.add(fresh)
    else:
        stored.amount = amount
    record(
        session,
        "quota set",
        f"{whose}, {fresh.measure}, {fresh.period}",
        by=by,
        now=now,
        before=_said(fresh.measure, before),
        after=_said(fresh.measure, amount),
    )
    return CREATED if before is None else CHANGED


def _said(measure: str, amount: Decimal | None) -> str | dict[str, str] | None:
    """The amount for the audit; a target incentive by its name, for it tells of pay."""
    if amount is None:
        return None
    text = format(amount, "f")
    return {TARGET_INCENTIVE: text} if measure == TARGET_INCENTIVE else text
