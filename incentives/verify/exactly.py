"""Exact arithmetic of the checker: the one rounding, and curves (semantics 7 and 12)."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

# Decimals by ISO 4217 of 2026, written down once more so that the checker does not ask the engine.
_DECIMALS = {
    0: {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI"}
    | {"VND", "VUV", "XAF", "XOF", "XPF"},
    3: {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"},
    4: {"CLF", "UYW"},
}


def minor_digits(currency: str) -> int:
    return next((digits for digits, codes in _DECIMALS.items() if currency in codes), 2)


def round_half_up(number: int, per: int = 1) -> int:
    """number ÷ per as a whole number, half up, away from zero; `per` is above 0."""
    size = (2 * abs(number) + per) // (2 * per)
    return size if number >= 0 else -size


def whole(amount: Fraction) -> int:
    return round_half_up(amount.numerator, amount.denominator)


def height(points: Sequence[tuple[Fraction, Fraction]], at: Fraction) -> Fraction:
    """Where a line through points stands: nothing below the first, level above the last."""
    if not points or at < points[0][0]:
        return Fraction(0)
    for (left, low), (right, high) in pairwise(points):
        if at < right:
            return low + (high - low) * (at - left) / (right - left)
    return points[-1][1]
