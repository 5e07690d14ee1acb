"""Tables of tiers: one ascending list of upper bounds, the last without end (semantics 11)."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm
from typing import Any, TypeVar

from marshmallow import Schema, ValidationError, fields, validates_schema

from incentives.core.fields import ExactDecimal, one_of, rows
from incentives.core.result_tests import ResultTestSchema
from incentives.core.words import number, percent

ATTAINMENT, AMOUNT = "attainment", "amount"
MOST_TIERS = 50

Rate = TypeVar("Rate", int, Decimal)
Place = TypeVar("Place", int, Fraction)


class TierSchema(Schema):
    """One tier up to an upper bound, which belongs to the tier above it."""

    up_to = ExactDecimal(load_default=None, allow_none=True)


class RateTierSchema(TierSchema):
    """A rate as a ratio: 0.04 is 4 %. Where `only_if` does not hold, the rate below it pays."""

    rate = ExactDecimal(required=True)
    only_if = fields.Nested(ResultTestSchema, load_default=None, allow_none=True)


class TieredSchema(Schema):
    """`tiers_by` says what the bounds are: shares of the quota (0.5 is half of it) or amounts."""

    tiers_by = fields.String(required=True, validate=one_of([ATTAINMENT, AMOUNT]))

    @validates_schema
    def bounds_ascend_and_end_open(self, params: Mapping[str, Any], **_: Any) -> None:
        check_bounds(params["tiers"])


def tiers_of(schema: type[Schema], *, required: bool = True) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=required, validate=rows(MOST_TIERS))


def check_bounds(tiers: Sequence[Mapping[str, Any]], *, name: str = "tiers") -> None:
    """Refuse a table with a gap, an overlap or a missing end, in words."""
    *bounded, last = [tier["up_to"] for tier in tiers]
    if last is not None:
        raise ValidationError("The last tier must have no upper bound.", name)
    floor = Decimal(0)
    for tier, bound in enumerate(bounded, start=1):
        if bound is None:
            raise ValidationError(f"Tier {tier} needs an upper bound.", name)
        if bound <= floor:
            raise ValidationError(f"Tier {tier} must end above {floor:f}.", name)
        floor = bound


def check_ascending(rows: Sequence[Mapping[str, Any]], bound: str, *, name: str) -> None:
    """Refuse a list whose bounds do not ascend, in words that name the row."""
    for at, (lower, row) in enumerate(pairwise(rows), start=2):
        if row[bound] <= lower[bound]:
            raise ValidationError(f"Row {at} must be above {lower[bound]:f}.", name)


def upper_bounds(tiers: Sequence[Mapping[str, Any]]) -> list[Fraction]:
    """All bounds but the last, which has none."""
    return [Fraction(tier["up_to"]) for tier in tiers[:-1]]


def tier_at(bounds: Sequence[Fraction], reached: Fraction, *, upper: bool) -> int:
    """The index of the tier reached. On the bound itself it is the upper one, unless the plan says
    `at_bound: lower` (semantics 13)."""
    return bisect_right(bounds, reached) if upper else bisect_left(bounds, reached)


def bound_in_words(bound: Decimal, by: str) -> str:
    """A bound as people say it: "50 % of quota", or "1,000"."""
    return f"{percent(bound)} of quota" if by == ATTAINMENT else number(bound)


def rates_in_words(tiers: Sequence[Mapping[str, Any]], by: str) -> str:
    """A table of rates: "4 % up to 50 % of quota, then 6 % above that"."""
    parts: list[str] = []
    for tier in tiers:
        rate = percent(tier["rate"])
        if tier["up_to"] is None:
            parts.append(f"{rate} above that" if parts else f"{rate} of everything")
        else:
            parts.append(f"{rate} up to {bound_in_words(tier['up_to'], by)}")
    return ", then ".join(parts)


def of_quota(bounds: Sequence[Fraction], quota: Fraction | None) -> list[Fraction]:
    """Bounds by attainment as results of the measure."""
    assert quota is not None, "tiers by attainment are never calculated without a quota"
    return [bound * quota for bound in bounds]


def tests_of(tiers: Sequence[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    """The tests that tiers have of their own, by index."""
    return {at: tier["only_if"] for at, tier in enumerate(tiers) if tier.get("only_if")}


def rates_paid(rates: Sequence[Rate], failing: frozenset[int]) -> list[Rate]:
    """A tier whose own test fails pays the rate of the tier below it; the first pays nothing."""
    paid: list[Rate] = []
    for at, rate in enumerate(rates):
        paid.append((paid[-1] if paid else rate * 0) if at in failing else rate)
    return paid


def rate_rows(
    tiers: Sequence[Mapping[str, Any]], failing: frozenset[int] = frozenset()
) -> list[dict[str, str]]:
    """What each tier pays, for the working of a line."""
    rates = rates_paid([tier["rate"] for tier in tiers], failing)
    return [
        {"rate": format(rate, "f")}
        | ({} if tier["up_to"] is None else {"up_to": format(tier["up_to"], "f")})
        for tier, rate in zip(tiers, rates, strict=True)
    ]


def whole_bounds(
    bounds: Sequence[Fraction], scale: int, quota: Fraction | None = None
) -> tuple[list[int], int]:
    """Bounds over `scale` times the factor given back, the smallest that makes them whole. With a
    quota, bounds are shares of it."""
    over = lcm(*(bound.denominator for bound in bounds))
    unit = scale
    if quota is not None:
        over, unit = over * quota.denominator, scale * quota.numerator
    tops = [bound.numerator * unit * (over // bound.denominator) for bound in bounds]
    if quota is not None:
        tops = [top // quota.denominator for top in tops]
    common = gcd(over, *tops)
    return [top // common for top in tops], over // common


def way(start: Place, end: Place, tops: Sequence[Place]) -> list[tuple[int, Place]]:
    """The way from start to end in pieces of (tier, how far inside it), in the tiers' order.

    Standing still is a piece of nothing in the tier where one stands.
    """
    if end < start:
        return [(tier, -inside) for tier, inside in way(end, start, tops)]
    edges: list[Place] = [start, end]
    first, last = bisect_right(tops, start), bisect_left(tops, end)
    edges[1:1] = tops[first:last]
    pieces = enumerate(pairwise(edges), start=first + 1)
    return [(tier, upper - lower) for tier, (lower, upper) in pieces]
