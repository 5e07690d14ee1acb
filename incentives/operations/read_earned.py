"""Read what a payee earned in a month, component by component, from the ledger and its working."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from incentives.core.calendar import Calendar, Period
from incentives.core.components import Component
from incentives.core.registry import rule_types
from incentives.core.rules import marginal_rate
from incentives.operations.tier_tables import (
    Slice,
    TierRow,
    decimal_in,
    slices_of,
    tier_rows,
    total,
)
from incentives.store import ledger, plans
from incentives.store.activities import StoredActivity, activities_by_id
from incentives.store.ledger import EarningComponent, PostedLine
from incentives.store.plans import StoredPlanVersion


@dataclass(frozen=True, slots=True)
class EarnedDeal:
    """What one activity earned: its newest working, and all that is posted about it here."""

    activity_id: int
    label: str
    day: date
    base: Decimal | None
    rate: Decimal | None
    slices: tuple[Slice, ...]
    exact: Decimal | None
    amount_minor: int
    working: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EarnedComponent:
    """A row of a statement. `amount_minor` is the sum of its posted lines, `exact` what they were
    before each was rounded; `reached_before` is where the span stood when the month began."""

    id: int
    name: str
    is_prize: bool
    contest_id: int | None
    currency: str
    plan: str
    versions: tuple[int, ...]
    rule: str
    counts: Component | None
    quota: Decimal | None
    reached_before: Decimal | None
    tiers: tuple[TierRow, ...]
    deals: tuple[EarnedDeal, ...]
    base: Decimal | None
    rates: tuple[Decimal, ...]
    exact: Decimal | None
    amount_minor: int

    @property
    def reached(self) -> Decimal | None:
        return None if self.reached_before is None else total([self.reached_before, self.base])


# What is told apart on a statement: all lines about one activity under one component.
Lines = list[PostedLine]


def earned_components(
    payee_id: int, period: Period, calendar: Calendar
) -> tuple[EarnedComponent, ...]:
    """The components and prizes that posted money in a month, plans first, then prizes."""
    lines = ledger.lines_of(payee_id, period.key, ["money"])
    by_component: dict[tuple[int, str], Lines] = {}
    for line in lines:
        by_component.setdefault((line.component_id, line.currency or ""), []).append(line)
    found = activities_by_id(line.activity_id for line in lines if line.plan_version_id)
    rows = [
        _component(members, found, payee_id, period, calendar) for members in by_component.values()
    ]
    return tuple(sorted(rows, key=lambda row: (row.is_prize, row.id, row.currency)))


def by_subject(lines: Iterable[PostedLine]) -> dict[tuple[int, int, str], Lines]:
    """Lines about the same thing, in the order they were posted."""
    subjects: dict[tuple[int, int, str], Lines] = {}
    for line in lines:
        subject = (line.component_id, line.activity_id, line.origin_period)
        subjects.setdefault(subject, []).append(line)
    return subjects


def _component(
    lines: Lines,
    activities: Mapping[int, StoredActivity],
    payee_id: int,
    period: Period,
    calendar: Calendar,
) -> EarnedComponent:
    component = lines[0].component
    subjects = [group for group in by_subject(lines).values() if group[-1].working]
    deals = sorted((_deal(group, activities) for group in subjects), key=_order(activities))
    versions = _versions(group[-1] for group in subjects)
    newest = versions[-1] if versions else None
    counts = newest.core.plan.component(component.key) if newest else None
    bases = [deal.base for deal in deals]
    return EarnedComponent(
        id=component.id,
        name=component.name,
        is_prize=component.contest_id is not None,
        contest_id=component.contest_id,
        currency=lines[0].currency or "",
        plan=newest.plan.name if newest else "",
        versions=tuple(version.number for version in versions),
        rule=_rule_in_words(counts, lines[0].currency or ""),
        counts=counts,
        quota=decimal_in(deals[-1].working.get("quota")) if deals else None,
        reached_before=_reached_before(payee_id, component, counts, period, calendar),
        tiers=tuple(_tiers(subjects, versions)),
        deals=tuple(deals),
        base=total(bases) if any(base is not None for base in bases) else None,
        rates=_rates(deals),
        exact=_exact(deals),
        amount_minor=sum(line.amount for line in lines),
    )


def _deal(group: Lines, activities: Mapping[int, StoredActivity]) -> EarnedDeal:
    last = group[-1]
    working = last.working
    activity = activities.get(last.activity_id)
    return EarnedDeal(
        activity_id=last.activity_id,
        label=label_of(activity) if activity else last.component.name,
        day=last.day,
        base=decimal_in(working.get("base", working.get("units"))),
        rate=decimal_in(working.get("per_unit")),
        slices=slices_of(working),
        exact=decimal_in(working.get("exact")),
        amount_minor=sum(line.amount for line in group),
        working=working,
    )


def label_of(activity: StoredActivity) -> str:
    """A deal in a few words: its product and account, or else its name in the source."""
    named = [activity.attributes.get("product", ""), activity.attributes.get("account", "")]
    return ", ".join(filter(None, named)) or activity.external_id


def _order(activities: Mapping[int, StoredActivity]) -> Any:
    """The order in which credits were taken (semantics 14)."""

    def place(deal: EarnedDeal) -> tuple[Any, ...]:
        activity = activities.get(deal.activity_id)
        if activity is None:
            return (deal.day,)
        first_of_two = activity.received_at, activity.source, activity.external_id
        return (deal.day, activity.occurred_at, *first_of_two)

    return place


def _versions(lines: Iterable[PostedLine]) -> list[StoredPlanVersion]:
    ids = sorted({line.plan_version_id for line in lines if line.plan_version_id})
    found = (plans.plan_version(version_id) for version_id in ids)
    return sorted((version for version in found if version), key=lambda version: version.number)


def _rule_in_words(counts: Component | None, currency: str) -> str:
    if counts is None:
        return ""
    return str(rule_types()[counts.rule["kind"]].describe(counts.rule, currency))


def _reached_before(
    payee_id: int,
    component: EarningComponent,
    counts: Component | None,
    period: Period,
    calendar: Calendar,
) -> Decimal | None:
    """Where the accumulation stood when the month began; None where it begins anew inside it."""
    if counts is None or counts.accumulates not in ("month", "quarter", "year"):
        return None
    return base_posted(payee_id, component.id, months_before(period, counts.accumulates, calendar))


def months_before(period: Period, span_kind: str, calendar: Calendar) -> list[str]:
    """The months of the span in which a month lies, before it."""
    span = calendar.period_of(period.first_day, span_kind)
    months = calendar.parts(span, "month")
    return [month.key for month in months if month.first_day < period.first_day]


def base_posted(payee_id: int, component_id: int, months: Iterable[str]) -> Decimal:
    """What a component was calculated on in these months, by the working of its lines."""
    bases: list[Decimal | None] = []
    for month in months:
        lines = ledger.lines_of(payee_id, month, ["money"])
        for group in by_subject(lines).values():
            if group[-1].component_id == component_id:
                bases.append(decimal_in(group[-1].working.get("base")))
    return total(bases)


def _tiers(subjects: Sequence[Lines], versions: Sequence[StoredPlanVersion]) -> Iterable[TierRow]:
    """The tier table of each version that paid, with what fell into every tier."""
    for version in versions:
        paid = [group[-1] for group in subjects if group[-1].plan_version_id == version.id]
        counts = version.core.plan.component(paid[-1].component.key)
        if counts is None or counts.rule["kind"] != marginal_rate.KIND:
            continue
        quota = decimal_in(paid[-1].working.get("quota"))
        slices = [part for line in paid for part in slices_of(line.working)]
        yield from tier_rows(counts.rule, quota, slices, version.number)


def _rates(deals: Iterable[EarnedDeal]) -> tuple[Decimal, ...]:
    return tuple(sorted({part.rate for deal in deals for part in deal.slices}))


def _exact(deals: Sequence[EarnedDeal]) -> Decimal | None:
    if any(deal.exact is None for deal in deals):
        return None
    return total(deal.exact for deal in deals)
