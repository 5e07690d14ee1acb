"""The own target of everybody on a board: the quota as the plans compute it (semantics 15, 17)."""

from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction

from incentives.core.calendar import ALWAYS, Calendar, Period
from incentives.core.plans import Agreement
from incentives.core.quotas import WHOLE, QuotaTerms, quota_for
from incentives.store import plans, quotas
from incentives.store.leave import leave_days_of

AS_SET = QuotaTerms()


def targets_of_people(
    payee_ids: Collection[int], measure: str, span: Period, day: date, calendar: Calendar
) -> dict[int, Fraction]:
    """Who has none is not in it. What a plan takes off a quota, for a ramp or for leave, is taken
    off here too; who is on no plan that reads it has it as it is set."""
    every = quotas.quotas_of_several(payee_ids)
    having = [payee_id for payee_id, own in every.items() if any(key[0] == measure for key in own)]
    agreements = plans.agreements_of_several(having)
    leave = leave_days_of(having, span.end_day)
    found: dict[int, Fraction] = {}
    for payee_id in having:
        terms, pays, assigned = _terms(agreements[payee_id], measure, day)
        target = quota_for(
            every[payee_id],
            measure,
            span,
            calendar.period_of(day, pays),
            quota_span=WHOLE,
            terms=terms,
            assigned=assigned,
            leave=leave.get(payee_id, frozenset()),
            calendar=calendar,
        )
        if target is not None:
            found[payee_id] = target
    return found


def _terms(
    agreements: Sequence[Agreement], measure: str, day: date
) -> tuple[QuotaTerms, str, tuple[date, date | None]]:
    """How the plan that pays by this quota reads it on a day, and since when the payee is on it."""
    for agreement in agreements:
        version = agreement.version_on(day)
        for component in version.plan.components if version else ():
            if version and component.needs_quota and component.attainment_measure == measure:
                plan = version.plan
                return plan.quotas, plan.pays, (agreement.first_day, agreement.end_day)
    return AS_SET, "month", (ALWAYS, None)


def targets_of_teams(
    team_ids: Collection[int], measure: str, span: Period, day: date, calendar: Calendar
) -> dict[int, Fraction]:
    """A team has its own quota: it is no sum of its people's."""
    found: dict[int, Fraction] = {}
    for team_id in team_ids:
        target = quota_for(
            quotas.team_quotas(team_id),
            measure,
            span,
            calendar.period_of(day, "month"),
            quota_span=WHOLE,
            terms=AS_SET,
            assigned=(ALWAYS, None),
            leave=(),
            calendar=calendar,
        )
        if target is not None:
            found[team_id] = target
    return found
