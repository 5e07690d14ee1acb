"""An amount that runs straight between given points (semantics 12)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from marshmallow import Schema, fields, validates_schema

from incentives.core.curves import PointSchema, height, point_below, points, points_of
from incentives.core.fields import ExactDecimal, one_of
from incentives.core.results import MONEY, POINTS
from incentives.core.rules import ByPeriod, Due, Reach
from incentives.core.tiers import AMOUNT, ATTAINMENT, bound_in_words, check_ascending, of_quota
from incentives.core.words import number

KIND, LABEL = "interpolated_amount", "Amount between points"
YIELDS = (MONEY, POINTS)


class AmountPointSchema(PointSchema):
    """The `amount` that a result of `at` gives."""

    amount = ExactDecimal(required=True)


class Params(Schema):
    """An ascending list of points; between two of them the amount runs straight.

    `by` says what `at` is: a share of the quota (1 is all of it) or an amount. Below the first
    point there is nothing, above the last one the last amount.
    """

    by = fields.String(required=True, validate=one_of([AMOUNT, ATTAINMENT]))
    points = points_of(AmountPointSchema)

    @validates_schema
    def points_ascend(self, params: Mapping[str, Any], **_: Any) -> None:
        check_ascending(params["points"], "at", name="points")


class Rule(ByPeriod):
    """The result at the end of the pay period has its place on the curve."""

    def __init__(self, params: dict[str, Any], *, at_bound: str = "upper") -> None:
        super().__init__(params, at_bound=at_bound)
        self.needs_quota = params["by"] == ATTAINMENT
        self._curve = points(params["points"], "amount")
        self._rows = [
            {"at": format(point["at"], "f"), "gives": format(point["amount"], "f")}
            for point in params["points"]
        ]

    def due(self, reach: Reach) -> Due:
        at = reach.attainment if self.needs_quota else reach.reached
        last = point_below(self._curve, at)
        return Due(
            amount=height(self._curve, at),
            slices=[(last, at)] if last else [],
            rows=self._rows,
            notes=reach.notes(),
        )

    def bends(self, quota: Fraction | None) -> list[Fraction]:
        places = [place for place, _ in self._curve]
        return of_quota(places, quota) if self.needs_quota else places

    def describe(self, unit: str) -> str:
        listed = ", ".join(
            f"{number(point['amount'])} {unit} at {bound_in_words(point['at'], self.params['by'])}"
            for point in self.params["points"]
        )
        return f"{listed}, in a straight line between them and nothing below the first"


EXAMPLE: dict[str, Any] = {
    "params": {
        "by": "amount",
        "points": [{"at": "50000", "amount": "1000"}, {"at": "100000", "amount": "3000"}],
    },
    "reached": "75000",
    "base": "75000",
    "quota": None,
    "earns": "2000",
}
