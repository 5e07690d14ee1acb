"""Exact sums with whole numbers: a value is kept as `value * scale`, with one scale for a column.

Whole numbers are as exact as Decimal and many times faster; a ratio that has no end as a decimal
stays exact, too, because it becomes part of the scale.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm


def scaled(values: Iterable[Decimal | Fraction]) -> tuple[list[int], int]:
    """Values as whole numbers, with the smallest scale that keeps them all exact."""
    ratios = [value.as_integer_ratio() for value in values]
    scale = lcm(*(denominator for _, denominator in ratios))
    return [number * (scale // denominator) for number, denominator in ratios], scale


def smallest(scale: int, *columns: Sequence[int]) -> tuple[int, list[list[int]]]:
    """The same columns with the smallest scale that keeps them exact: small numbers are fast."""
    common = scale
    for column in columns:
        if common == 1:
            break
        common = gcd(common, *column)
    if common == 1:
        return scale, [list(column) for column in columns]
    return scale // common, [[value // common for value in column] for column in columns]


def rounded(numbers: Sequence[int], per: int) -> list[int]:
    """Each number / `per`, rounded half up, away from zero (semantics 7)."""
    if per == 1:
        return list(numbers)
    twice = 2 * per
    if not numbers or min(numbers) >= 0:
        return [(number + number + per) // twice for number in numbers]
    return [
        (number + number + per) // twice if number >= 0 else -((per - number - number) // twice)
        for number in numbers
    ]


def round_half_up(value: Fraction | int) -> int:
    """A ratio as a whole number, half up, away from zero (semantics 7)."""
    number, per = value.numerator, value.denominator
    size = (2 * abs(number) + per) // (2 * per)
    return size if number >= 0 else -size


def packages(value: int, scale: int, size: Decimal) -> int:
    """How many packages of a size hold value / scale, rounded up; the mirror below zero."""
    number, of = size.as_integer_ratio()
    count = -(-abs(value) * of // (scale * number))
    return count if value >= 0 else -count
