"""Read what a payee earned in a month, component by component, from the ledger and its working."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from incentives.core.calendar import Calendar, Period
from incentives.core.components import Component
from incentives.operations.accounts import paid_with
from incentives.operations.line_working import EarnedLine, Lines, by_subject, read_line
from incentives.operations.tier_tables import TierRow, tier_rows
from incentives.store import ledger, plans
from incentives.store.activities import StoredActivity, activities_by_id
from incentives.store.ledger import EarningComponent
from incentives.store.plans import StoredPlanVersion


@dataclass(frozen=True, slots=True)
class Counts:
    """What a component counts, over which span, by which kind of rule."""

    kind: str
    measure: str
    accumulates: str


@dataclass(frozen=True, slots=True)
class EarnedComponent:
    """A row of a statement. `amount_minor` is the sum of its posted lines, `exact` what they were
    before each was rounded; `reached_before` is where the span stood when the month began."""

    id: int
    name: str
    is_prize: bool
    is_adjustment: bool
    contest_id: int | None
    currency: str
    plan: str
    versions: tuple[int, ...]
    rule: str
    counts: Counts | None
    quota: Decimal | None
    reached_before: Fraction | None
    tiers: tuple[TierRow, ...]
    lines: tuple[EarnedLine, ...]
    base: Fraction | None
    rates: tuple[Decimal, ...]
    exact: Fraction | None
    amount_minor: int

    @property
    def reached(self) -> Fraction | None:
        """Where the span stands at the month's end."""
        said = [line.working.reached for line in self.lines if line.is_of_period]
        reached = [each for each in said if each is not None]
        if reached:
            return reached[-1]
        if self.reached_before is None or self.base is None:
            return self.reached_before
        return self.reached_before + self.base


def earned_components(
    payee_id: int, period: Period, calendar: Calendar
) -> tuple[EarnedComponent, ...]:
    """What posted money in the pay periods that end in a month: plans, then prizes, and what was
    adjusted by hand."""
    lines = ledger.lines_of(payee_id, paid_with(period, calendar), ["money"])
    by_component: dict[int, Lines] = {}
    for line in lines:
        by_component.setdefault(line.component_id, []).append(line)
    found = activities_by_id(line.activity_id for line in lines if line.plan_version_id)
    rows = [
        _component(members, found, payee_id, period, calendar) for members in by_component.values()
    ]
    return tuple(sorted(rows, key=lambda row: (row.is_adjustment, row.is_prize, row.id)))


def _component(
    lines: Lines,
    activities: Mapping[int, StoredActivity],
    payee_id: int,
    period: Period,
    calendar: Calendar,
) -> EarnedComponent:
    component = lines[0].component
    subjects = [group for group in by_subject(lines).values() if group[-1].steps is not None]
    read = [(read_line(group, activities.get(group[-1].activity_id)), group) for group in subjects]
    read.sort(key=lambda each: _place(activities, each[0]))
    earned = [line for line, _ in read]
    versions = _versions(group[-1].plan_version_id for group in subjects)
    newest = versions[-1] if versions else None
    counts = newest.core.plan.component(component.key) if newest else None
    currency = component.currency or ""
    bases = [line.base for line in earned if line.is_earned and line.base is not None]
    quotas = [line.working.quota for line in earned if line.working.quota is not None]
    return EarnedComponent(
        id=component.id,
        name=component.name,
        is_prize=component.contest_id is not None,
        is_adjustment=component.is_adjustment,
        contest_id=component.contest_id,
        currency=currency,
        plan=newest.plan.name if newest else "",
        versions=tuple(version.number for version in versions),
        rule=counts.sum.describe(currency) if counts else "",
        counts=Counts(str(counts.rule["kind"]), counts.measure, counts.accumulates)
        if counts
        else None,
        quota=quotas[-1] if quotas else None,
        reached_before=_reached_before(payee_id, component, counts, period, calendar),
        tiers=tuple(_tiers(read, versions, component.key)),
        lines=tuple(earned),
        base=sum(bases, Fraction(0)) if bases else None,
        rates=_rates(earned),
        exact=_exact(earned),
        amount_minor=sum(line.amount for line in lines),
    )


def _place(activities: Mapping[int, StoredActivity], line: EarnedLine) -> tuple[Any, ...]:
    """The order in which credits were taken (semantics 14); what a period gives stands last."""
    activity = activities.get(line.activity_id)
    if activity is None:
        return (line.day, 1)
    first_of_two = activity.received_at, activity.source, activity.external_id
    return (line.day, 0, activity.occurred_at, *first_of_two)


def _versions(ids: Iterable[int | None]) -> list[StoredPlanVersion]:
    found = (plans.plan_version(version_id) for version_id in sorted({i for i in ids if i}))
    return sorted((version for version in found if version), key=lambda version: version.number)


def _reached_before(
    payee_id: int,
    component: EarningComponent,
    counts: Component | None,
    period: Period,
    calendar: Calendar,
) -> Fraction | None:
    """Where the accumulation stood when the month began; None where it begins anew inside it, or
    where what a period gives says itself how far it came."""
    if counts is None or counts.pays_by_period:
        return None
    if counts.accumulates not in ("month", "quarter", "year"):
        return None
    months = months_before(period, counts.accumulates, calendar)
    return base_posted(payee_id, component.id, months)


def months_before(period: Period, span_kind: str, calendar: Calendar) -> list[str]:
    """The months of the span in which a month lies, before it."""
    span = calendar.period_of(period.first_day, span_kind)
    months = calendar.parts(span, "month")
    return [month.key for month in months if month.first_day < period.first_day]


def base_posted(payee_id: int, component_id: int, months: Iterable[str]) -> Fraction:
    """What a component was calculated on in these months, by the working of its lines."""
    total = Fraction(0)
    for month in months:
        lines = ledger.lines_of(payee_id, [month], ["money"])
        own = [line for line in lines if line.component_id == component_id]
        for group in by_subject(own).values():
            line = read_line(group, None)
            total += line.base if line.is_earned and line.base is not None else 0
    return total


def _tiers(
    read: Sequence[tuple[EarnedLine, Lines]], versions: Sequence[StoredPlanVersion], key: str
) -> Iterable[TierRow]:
    """The tier table of each version that paid, with what fell into every tier."""
    for version in versions:
        counts = version.core.plan.component(key)
        paid = [
            line
            for line, group in read
            if line.is_earned and group[-1].plan_version_id == version.id
        ]
        if counts is not None and paid:
            slices = [part for line in paid for part in line.slices]
            yield from tier_rows(counts, paid[-1].working.quota, slices, version.number)


def _rates(lines: Iterable[EarnedLine]) -> tuple[Decimal, ...]:
    found = (part.rate for line in lines for part in line.slices)
    return tuple(sorted({rate for rate in found if rate is not None}))


def _exact(lines: Sequence[EarnedLine]) -> Fraction | None:
    """The sum before rounding, where each line says it and nothing was cut off."""
    if any(line.exact is None or line.is_cut_down for line in lines):
        return None
    return sum((line.exact or Fraction(0) for line in lines), Fraction(0))
