"""Read where a payee stands in the tiers that decide their commission, and what is next."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from incentives.core.calendar import Calendar, Period
from incentives.core.words import plain
from incentives.operations.line_working import EarnedLine, by_subject, read_line
from incentives.operations.read_attainment import quota_component, whole_quota
from incentives.operations.tier_tables import TierRow, tier_rows
from incentives.store import ledger


@dataclass(frozen=True, slots=True)
class TierPosition:
    """`current` is the tier one is in, `gap` what is missing to the next, None in the last."""

    span: Period
    quota: Decimal
    reached: Fraction
    tiers: tuple[TierRow, ...]
    current: TierRow
    following: TierRow | None

    @property
    def gap(self) -> Decimal | None:
        if self.following is None:
            return None
        return Decimal(plain(self.following.from_amount - self.reached))


def read_tier_position(payee_id: int, day: date, calendar: Calendar) -> TierPosition | None:
    """None where no plan of that day pays in tiers by attainment, or its quota is missing or 0.

    The quota is the one that the newest line was calculated with, so that it knows all the terms
    of the plan; before the first line it is that of the whole span.
    """
    counted = quota_component(payee_id, day)
    if counted is None or "tiers" not in counted.component.rule:
        return None
    version, component = counted.version, counted.component
    span = calendar.period_of(day, component.accumulates)
    component_id = ledger.components_of_plan(version.plan_id)[component.key]
    months = [month.key for month in calendar.parts(span, "month") if month.first_day <= day]
    lines = _lines(payee_id, component_id, months)
    said = [line.working.quota for line in lines if line.working.quota]
    quota = said[-1] if said else whole_quota(payee_id, counted, span, day, calendar)
    if not quota:
        return None
    reached = _reached(lines, pays_by_period=component.pays_by_period)
    tiers = tuple(tier_rows(component, quota, (), version.number))
    # A bound belongs to the tier above it (semantics 13).
    current = [tier for tier in tiers if tier.from_amount <= max(reached, Fraction(0))][-1]
    following = tiers[current.number] if current.number < len(tiers) else None
    return TierPosition(span, quota, reached, tiers, current, following)


def _lines(payee_id: int, component_id: int, months: list[str]) -> list[EarnedLine]:
    """What a component earned in these months, in the order of the months."""
    found = []
    for month in months:
        posted = ledger.lines_of(payee_id, [month], ["money"])
        own = by_subject(line for line in posted if line.component_id == component_id)
        found += [read_line(group, None) for group in own.values()]
    return [line for line in found if line.is_earned]


def _reached(lines: list[EarnedLine], *, pays_by_period: bool) -> Fraction:
    if pays_by_period:
        return (lines[-1].working.reached if lines else None) or Fraction(0)
    return sum((line.base or Fraction(0) for line in lines), Fraction(0))
