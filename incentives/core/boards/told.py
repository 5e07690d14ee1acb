"""Numbers of a board as programs and files are told them."""

from decimal import ROUND_HALF_UP, Decimal

MOST_DECIMALS = Decimal("1e-10")


def told(value: Decimal | None) -> Decimal | None:
    """A ratio such as a third has no end; ten decimals of it are told."""
    if value is None or value == value.quantize(MOST_DECIMALS):
        return value
    return value.quantize(MOST_DECIMALS, rounding=ROUND_HALF_UP)
