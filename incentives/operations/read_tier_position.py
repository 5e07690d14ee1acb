"""Read where a payee stands in the tiers that decide their commission, and what is next."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from incentives.core.calendar import Calendar, Period
from incentives.operations.read_attainment import quota_component
from incentives.operations.read_earned import base_posted
from incentives.operations.tier_tables import TierRow, tier_rows
from incentives.store import ledger, quotas


@dataclass(frozen=True, slots=True)
class TierPosition:
    """`current` is the tier one is in, `gap` what is missing to the next, None in the last."""

    span: Period
    quota: Decimal
    reached: Decimal
    tiers: tuple[TierRow, ...]
    current: TierRow
    following: TierRow | None

    @property
    def gap(self) -> Decimal | None:
        return self.following.from_amount - self.reached if self.following else None


def read_tier_position(payee_id: int, day: date, calendar: Calendar) -> TierPosition | None:
    """None where no plan of that day pays by attainment, or its quota is missing or 0."""
    counted = quota_component(payee_id, day)
    if counted is None:
        return None
    version, component = counted
    span = calendar.period_of(day, component.accumulates)
    quota = quotas.quotas_of(payee_id).get((component.measure, span.key))
    if not quota:
        return None
    component_id = ledger.components_of_plan(version.plan_id)[component.key]
    months = [month.key for month in calendar.parts(span, "month") if month.first_day <= day]
    reached = base_posted(payee_id, component_id, months)
    tiers = tuple(tier_rows(component.rule, quota, (), version.number))
    # A bound belongs to the tier above it (semantics 13).
    current = [tier for tier in tiers if tier.from_amount <= max(reached, Decimal(0))][-1]
    following = tiers[current.number] if current.number < len(tiers) else None
    return TierPosition(span, quota, reached, tiers, current, following)
