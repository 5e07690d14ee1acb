"""What a draft would change: the same sum, with the draft as one more version. Nothing is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from incentives.core.calculate import calculate
from incentives.core.calendar import Period
from incentives.core.plans import Agreement, Plan, PlanVersion
from incentives.core.results import MONEY, POINTS, ResultLine
from incentives.extensions import db
from incentives.operations.check_plan import checked_plan
from incentives.operations.payee_cases import PayeeCase, PayeeCases
from incentives.operations.read_plan import plan_called
from incentives.store import plans
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
    stored = plan_called(slug)
    calendar = the_company().calendar
    today = calendar.day_of(now)
    quarter = calendar.period_of(today, "quarter")
    variants = _Variants(stored, draft, first_day, quarter)
    payees = {a.payee_id: a.payee for a in plans.assignments_of_plan(stored.id)}
    cases = PayeeCases(db.session(), now=now).of(payees, agreed_as=variants.all_of)
    effects, deals = [], set()
    for case in cases:
        effects.append(_effect(payees[case.case.payee], case, quarter))
        for activity_id, day in zip(case.columns.activity_ids, case.columns.days, strict=True):
            if day in quarter:
                deals.add(activity_id)
    return PlanEffect(
        plan=draft,
        currency=draft.currency,
        quarter=quarter,
        first_day=first_day,
        is_past=first_day <= today,
        payees=sorted(effects, key=lambda effect: effect.payee.name.casefold()),
        deals=len(deals),
    )


@dataclass(frozen=True, slots=True)
class _Variants:
    """What a payee has agreed to in this plan: as it is, with the draft from its day on, and with
    the draft for the whole quarter."""

    stored: StoredPlan
    draft: Plan
    first_day: date
    quarter: Period

    def now(self, agreed: Sequence[Agreement]) -> list[Agreement]:
        return [
            agreement
            for agreement in agreed
            if agreement.versions and agreement.versions[0].plan_id == self.stored.id
        ]

    def published(self, agreed: Sequence[Agreement]) -> list[Agreement]:
        return _with(self.now(agreed), self._version(self.first_day))

    def all_quarter(self, agreed: Sequence[Agreement]) -> list[Agreement]:
        """The draft alone from the quarter's first day; what came before it is left as it was."""
        first_day = self.quarter.first_day
        earlier = [
            replace(each, versions=tuple(v for v in each.versions if v.first_day < first_day))
            for each in self.now(agreed)
        ]
        return _with(earlier, self._version(first_day))

    def all_of(self, agreed: Sequence[Agreement]) -> list[Agreement]:
        """Everything that any of them may need to know."""
        return [*self.now(agreed), *self.published(agreed), *self.all_quarter(agreed)]

    def _version(self, first_day: date) -> PlanVersion:
        return PlanVersion(0, self.stored.id, _DRAFT, first_day, self.draft)


def _with(agreements: Sequence[Agreement], draft: PlanVersion) -> list[Agreement]:
    return [replace(agreement, versions=(*agreement.versions, draft)) for agreement in agreements]


def _effect(payee: Person, found: PayeeCase, quarter: Period) -> PayeeEffect:
    """What each of the variants gives a payee; the case holds all three, one after the other."""
    agreed = found.case.agreements
    count = len(agreed) // 3

    def yielded(which: int) -> Yielded:
        own = agreed[which * count : (which + 1) * count]
        lines = calculate(replace(found.case, agreements=own), found.columns).lines
        return _sum(lines, quarter)

    return PayeeEffect(payee, now=yielded(0), published=yielded(1), all_quarter=yielded(2))


def _sum(lines: Sequence[ResultLine], quarter: Period) -> Yielded:
    inside = [line for line in lines if line.day in quarter]
    return Yielded(
        sum(line.amount for line in inside if line.yields == MONEY),
        sum(line.amount for line in inside if line.yields == POINTS),
    )
