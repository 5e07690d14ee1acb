"""The tiers of a plan to scale, for `tier_ladder`, with the way to the next one in words."""

from decimal import Decimal
from typing import Any

from incentives.operations.read_tier_position import TierPosition
from incentives.web import formats

# The open tier is drawn this much longer than the last bound, tiers stand this far apart.
OPEN_END = Decimal("1.15")
BETWEEN = 1


def next_tier(position: TierPosition, gap_text: str) -> str:
    """What is missing to the next tier: $1,188 to the 8 % tier."""
    if position.following is None:
        return f"You are in the top tier, {formats.rate(position.current.rate)}"
    return f"{gap_text} to the {formats.rate(position.following.rate)} tier"


def label(position: TierPosition) -> str:
    """The same in words, for those who cannot see it."""
    listed = formats.rates([tier.rate for tier in position.tiers])
    return f"Tiers of {listed}. You are in the one of {formats.rate(position.current.rate)}."


def tiers(position: TierPosition) -> list[dict[str, Any]]:
    """The tiers to scale, as shares of the drawing."""
    highest = max(position.tiers[-1].from_amount, position.reached, Decimal(1)) * OPEN_END
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
                "label": formats.rate(tier.rate),
                "state": state,
                "filled": _share(inside, highest) if is_current else 0,
            }
        )
    return shown


def _share(amount: Decimal, whole: Decimal) -> Decimal:
    return round(100 * amount / whole, 1)
