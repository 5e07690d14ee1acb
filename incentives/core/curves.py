"""Curves: straight lines between given points, which nothing lies below (semantics 12)."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from marshmallow import Schema, fields

from incentives.core.fields import ExactDecimal, rows
from incentives.core.tiers import MOST_TIERS

Points = Sequence[tuple[Fraction, Fraction]]


class PointSchema(Schema):
    """Where on the curve a point lies."""

    at = ExactDecimal(required=True)


def points_of(schema: type[Schema]) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True, validate=rows(MOST_TIERS))


def points(rows: Sequence[Mapping[str, Any]], height: str) -> Points:
    """The points of a document as (where, how high)."""
    return [(Fraction(row["at"]), Fraction(row[height])) for row in rows]


def point_below(curve: Points, at: Fraction) -> int:
    """The number, from 1, of the last point that is reached; 0 before the first."""
    return bisect_right([place for place, _ in curve], at)


def height(curve: Points, at: Fraction, *, slope_above: Fraction = Fraction(0)) -> Fraction:
    """How high a curve is: nothing before the first point, `slope_above` behind the last one."""
    number = point_below(curve, at)
    if number == 0:
        return Fraction(0)
    place, base = curve[number - 1]
    if number == len(curve):
        return base + slope_above * (at - place)
    next_place, next_base = curve[number]
    return base + (next_base - base) * (at - place) / (next_place - place)
