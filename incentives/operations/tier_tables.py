"""Tier tables as people read them: every tier with its bounds, and what fell into it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from incentives.core.components import Component
from incentives.core.tiers import ATTAINMENT
from incentives.core.working import Slice


@dataclass(frozen=True, slots=True)
class TierRow:
    """One tier of a version's table with what fell into it.

    Bounds are amounts, or numbers of units, and where tiers are by attainment shares as well.
    `rate` is a ratio; where a unit gives an amount instead, that is `each`. `exact` is what the
    slices in it give together before rounding, with the tier's flat part.
    """

    version: int
    number: int
    from_amount: Fraction
    to_amount: Fraction | None
    from_share: Decimal | None
    to_share: Decimal | None
    base: Fraction
    rate: Decimal | None
    each: Decimal | None
    exact: Fraction


def tier_rows(
    component: Component, quota: Decimal | None, slices: Sequence[Slice], version: int
) -> Iterator[TierRow]:
    """The tiers of a component under a quota, with the slices that fell into each; none where it
    has no tiers, or their quota is not known."""
    rule = component.rule
    by_share = rule.get("tiers_by") == ATTAINMENT
    if "tiers" not in rule or (by_share and not quota):
        return
    times = Fraction(quota) if by_share and quota else Fraction(1)
    floor, share = Fraction(0), Decimal(0)
    for number, tier in enumerate(rule["tiers"], start=1):
        inside = [part for part in slices if _tier_of(part, rule) == number]
        measured = [part for part in inside if not part.is_flat]
        top = None if tier["up_to"] is None else Fraction(tier["up_to"]) * times
        yield TierRow(
            version=version,
            number=number,
            from_amount=floor,
            to_amount=top,
            from_share=share if by_share else None,
            to_share=tier["up_to"] if by_share else None,
            base=sum((part.base for part in measured), Fraction(0)),
            # A tier whose own condition failed has paid another rate than it says.
            rate=measured[-1].rate if measured else tier.get("rate"),
            each=tier.get("amount"),
            exact=sum((part.exact or Fraction(0) for part in inside), Fraction(0)),
        )
        floor, share = floor if top is None else top, tier["up_to"] or share


def _tier_of(part: Slice, rule: dict[str, Any]) -> int:
    """Which tier a slice is of; flat parts are listed behind all tiers."""
    return part.row - len(rule["tiers"]) if part.is_flat else part.row
