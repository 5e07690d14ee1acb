"""The tiers of a plan to scale, for `tier_ladder`, with the way to the next one in words."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from incentives.core.words import number, plain
from incentives.operations.read_tier_position import TierPosition
from incentives.operations.tier_tables import TierRow
from incentives.web import formats

# The open tier is drawn this much longer than the last bound, tiers stand this far apart.
OPEN_END = Fraction(115, 100)
BETWEEN = 1


def next_tier(position: TierPosition, gap_text: str) -> str:
    """What is missing to the next tier: $1,188 to the 8 % tier."""
    if position.following is None:
        return f"You are in the top tier, {pays(position.current)}"
    return f"{gap_text} to the {pays(position.following)} tier"


def label(position: TierPosition) -> str:
    """The same in words, for those who cannot see it."""
    listed = ", ".join(map(pays, position.tiers))
    return f"Tiers of {listed}. You are in the one of {pays(position.current)}."


def pays(tier: TierRow) -> str:
    """What a tier pays, in short: 8 %, or 10 each."""
    if tier.rate is not None:
        return formats.rate(tier.rate)
    return f"{number(tier.each or 0)} each"


def tiers(position: TierPosition) -> list[dict[str, Any]]:
    """The tiers to scale, as shares of the drawing."""
    highest = max(position.tiers[-1].from_amount, position.reached, Fraction(1)) * OPEN_END
    shown = []
    for tier in position.tiers:
        top = tier.to_amount if tier.to_amount is not None else highest
        inside = min(max(position.reached, tier.from_amount), top) - tier.from_amount
        is_current = tier.number == position.current.number
        if tier.number < position.current.number:
            state = "done"
        elif position.following is not None and tier.number == position.following.number:
            state = "next"
        else:
            state = "future"
        shown.append(
            {
                "x": _share(tier.from_amount, highest),
                "width": max(_share(top - tier.from_amount, highest) - BETWEEN, Decimal(1)),
                "label": pays(tier),
                "state": state,
                "filled": _share(inside, highest) if is_current else 0,
            }
        )
    return shown


def _share(amount: Fraction, whole: Fraction) -> Decimal:
    return Decimal(plain(round(100 * amount / whole, 1)))
