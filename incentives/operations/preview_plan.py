"""What a draft would change: the same sum, with the draft as one more version. Nothing is saved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from incentives.core.activity import Credit
from incentives.core.calculate import calculate
from incentives.core.calendar import Calendar, Period
from incentives.core.plans import Agreement, Plan, PlanVersion
from incentives.core.results import MONEY, POINTS, ResultLine
from incentives.errors import NotFound
from incentives.operations.check_plan import checked_plan
from incentives.store import activities, plans, quotas
from incentives.store.companies import the_company
from incentives.store.people import Person
from incentives.store.plans import StoredPlan

# Later than every stored number, so that of two versions of one day the draft is in force.
_DRAFT = 10**6


@dataclass(frozen=True, slots=True)
class Yielded:
    """What a plan gives one payee in the quarter: minor units, and points."""

    money: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class PayeeEffect:
    """`now` is by the versions in force, `published` with the draft from its day on, `all_quarter`
    as if the draft had been in force since the quarter began."""

    payee: Person
    now: Yielded
    published: Yielded
    all_quarter: Yielded


@dataclass(frozen=True, slots=True)
class PlanEffect:
    """`deals` counts the activities of the quarter so far that the sums are made of."""

    plan: Plan
    currency: str
    quarter: Period
    first_day: date
    is_past: bool
    payees: list[PayeeEffect]
    deals: int

    def total(self, which: str) -> Yielded:
        parts: list[Yielded] = [getattr(effect, which) for effect in self.payees]
        return Yielded(sum(part.money for part in parts), sum(part.points for part in parts))

    def biggest_changes(self, count: int) -> list[PayeeEffect]:
        """Whose pay would have differed most over the whole quarter, up or down."""
        changed = [
            effect
            for effect in self.payees
            if (effect.all_quarter.money, effect.all_quarter.points)
            != (effect.now.money, effect.now.points)
        ]
        return sorted(changed, key=_size_of_change, reverse=True)[:count]


def _size_of_change(effect: PayeeEffect) -> tuple[int, int]:
    return (
        abs(effect.all_quarter.money - effect.now.money),
        abs(effect.all_quarter.points - effect.now.points),
    )


def preview_plan(
    slug: str, document: Mapping[str, Any], *, first_day: date, now: datetime
) -> PlanEffect:
    """The effect of a draft on everybody on the plan, on what happened this quarter so far."""
    draft = checked_plan(document)
    stored = plans.plan_by_slug(slug)
    if stored is None:
        raise NotFound("There is no such plan.")
    calendar = the_company().calendar
    today = calendar.day_of(now)
    quarter = calendar.period_of(today, "quarter")
    payees = _payees_on(stored)
    credits = {payee.id: _credits(payee.id, quarter, calendar, now) for payee in payees}
    effects = [
        _effect(payee, credits[payee.id], stored, draft, first_day, quarter, calendar)
        for payee in payees
    ]
    inside = {
        credit.activity_id
        for found in credits.values()
        for credit in found
        if calendar.day_of(credit.occurred_at) in quarter
    }
    return PlanEffect(
        plan=draft,
        currency=draft.currency,
        quarter=quarter,
        first_day=first_day,
        is_past=first_day <= today,
        payees=effects,
        deals=len(inside),
    )


def _payees_on(stored: StoredPlan) -> list[Person]:
    found = {a.payee_id: a.payee for a in plans.assignments_of_plan(stored.id)}
    return sorted(found.values(), key=lambda payee: payee.name.casefold())


def _credits(payee_id: int, quarter: Period, calendar: Calendar, now: datetime) -> list[Credit]:
    """What counts towards the quarter: nothing accumulates for longer than a year."""
    start = calendar.start_of(calendar.period_of(quarter.first_day, "year").first_day)
    found = activities.credits_of(payee_id, until=now)
    return [credit for credit in found if credit.occurred_at >= start]


def _effect(
    payee: Person,
    credits: Sequence[Credit],
    stored: StoredPlan,
    draft: Plan,
    first_day: date,
    quarter: Period,
    calendar: Calendar,
) -> PayeeEffect:
    goals = quotas.quotas_of(payee.id)
    agreements = [
        agreement
        for agreement in plans.agreements_of(payee.id)
        if agreement.versions and agreement.versions[0].plan_id == stored.id
    ]

    def yielded(changed: Iterable[Agreement]) -> Yielded:
        lines = calculate(changed, credits, goals, calendar).lines
        return _sum(lines, quarter)

    return PayeeEffect(
        payee,
        now=yielded(agreements),
        published=yielded(_with(agreements, _version(stored, draft, first_day))),
        all_quarter=yielded(_since_quarter_began(agreements, stored, draft, quarter)),
    )


def _version(stored: StoredPlan, draft: Plan, first_day: date) -> PlanVersion:
    return PlanVersion(0, stored.id, _DRAFT, first_day, draft)


def _with(agreements: Sequence[Agreement], draft: PlanVersion) -> list[Agreement]:
    return [replace(agreement, versions=(*agreement.versions, draft)) for agreement in agreements]


def _since_quarter_began(
    agreements: Sequence[Agreement], stored: StoredPlan, draft: Plan, quarter: Period
) -> list[Agreement]:
    """The draft alone from the quarter's first day; what came before it is left as it was."""
    earlier = [
        replace(
            agreement,
            versions=tuple(v for v in agreement.versions if v.first_day < quarter.first_day),
        )
        for agreement in agreements
    ]
    return _with(earlier, _version(stored, draft, quarter.first_day))


def _sum(lines: Sequence[ResultLine], quarter: Period) -> Yielded:
    inside = [line for line in lines if line.day in quarter]
    return Yielded(
        sum(line.amount for line in inside if line.yields == MONEY),
        sum(line.amount for line in inside if line.yields == POINTS),
    )
