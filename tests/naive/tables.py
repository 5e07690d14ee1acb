"""Tables read step by step, in exact fractions: no search, no shortcut."""

from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

Tiers = list[dict[str, Any]]


def exact(number: Any) -> Fraction:
    return Fraction(str(number))


def bounds(tiers: Tiers) -> list[Fraction]:
    return [exact(tier["up_to"]) for tier in tiers if "up_to" in tier]


def tier_reached(tiers: Tiers, position: Fraction, at_bound: str) -> int:
    """Which tier a position lies in; a bound that is just reached is in the upper one, or not."""
    reached = 0
    for bound in bounds(tiers):
        if position > bound or (position == bound and at_bound == "upper"):
            reached += 1
    return reached


def inside(tiers: Tiers, position: Fraction, unit: Fraction) -> list[Fraction]:
    """How much of [0, position) lies in each tier; below zero all of it is in the first."""
    if position < 0:
        return [position] + [Fraction(0)] * (len(tiers) - 1)
    parts, lower = [], Fraction(0)
    for tier in tiers:
        upper = exact(tier["up_to"]) * unit if "up_to" in tier else max(position, lower)
        parts.append(max(Fraction(0), min(position, upper) - lower))
        lower = max(lower, upper)
    return parts


def slices(tiers: Tiers, before: Fraction, after: Fraction, unit: Fraction) -> list[Fraction]:
    """How much of the way from one position to another lies in each tier."""
    pairs = zip(inside(tiers, after, unit), inside(tiers, before, unit), strict=True)
    return [later - earlier for later, earlier in pairs]


def reaches(position: Fraction, at_least: Any, at_bound: str) -> bool:
    """Whether a number is reached; where a bound belongs to the lower side, it is to be passed."""
    return position >= exact(at_least) if at_bound == "upper" else position > exact(at_least)


def packages(units: Fraction, package: Any) -> Fraction:
    """Units, or packages of them, a begun package counting whole; below zero mirrored."""
    if package is None:
        return units
    whole = ceil(abs(units) / exact(package))
    return Fraction(whole if units >= 0 else -whole)


def between(points: list[dict[str, Any]], at: Fraction, name: str) -> Fraction | None:
    """Straight between points; None below the first, the last one's value above the last."""
    if at < exact(points[0]["at"]):
        return None
    for left, right in pairwise(points):
        if at <= exact(right["at"]):
            way = (at - exact(left["at"])) / (exact(right["at"]) - exact(left["at"]))
            return exact(left[name]) + way * (exact(right[name]) - exact(left[name]))
    return exact(points[-1][name])


def half_up(amount: Fraction) -> int:
    """To a whole number, half away from zero."""
    whole = int(abs(amount) + Fraction(1, 2))
    return whole if amount >= 0 else -whole


def divided(total: int, weights: list[Fraction]) -> list[int]:
    """A whole amount by weight; left-over units by largest remainder, ties in order."""
    if total < 0:
        return [-part for part in divided(-total, weights)]
    shares = [total * weight / sum(weights) for weight in weights]
    parts = [int(share) for share in shares]
    order = sorted(range(len(parts)), key=lambda n: -(shares[n] - parts[n]))
    for n in order[: total - sum(parts)]:
        parts[n] += 1
    return parts


def decimals_of(currency: str) -> int:
    """Of the currencies in statements: the yen has no sen, the dinars of Kuwait and Iraq have
    thousandths; all others hundredths."""
    return {"JPY": 0, "KWD": 3, "IQD": 3}.get(currency, 2)
