"""A payout curve: attainment in, a share of a target out (semantics 12)."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from marshmallow import Schema, validates_schema

from incentives.core.curves import PointSchema, height, point_below, points, points_of
from incentives.core.fields import ExactDecimal
from incentives.core.results import MONEY, POINTS
from incentives.core.rules import ByPeriod, Due, Reach
from incentives.core.targets import described_target, target_of
from incentives.core.tiers import check_ascending, of_quota
from incentives.core.words import percent, plain

KIND, LABEL = "payout_curve", "Share of a target by attainment"
YIELDS = (MONEY, POINTS)


class SharePointSchema(PointSchema):
    """The share of the target that an attainment of `at` pays: 1 is all of it."""

    pays = ExactDecimal(required=True)


class Params(Schema):
    """An ascending list of points: at an attainment of `at`, the share `pays` of the target.

    Between two points the share runs straight, below the first there is nothing. Above the last it
    grows by `slope_above` for each further 1 of attainment (2: two points of pay for each point),
    up to `most`. Without `target`, it is each payee's own target incentive.
    """

    target = ExactDecimal(load_default=None, allow_none=True, minimum_zero=True)
    points = points_of(SharePointSchema)
    slope_above = ExactDecimal(load_default=Decimal(0))
    most = ExactDecimal(load_default=None, allow_none=True, minimum_zero=True)

    @validates_schema
    def points_ascend(self, params: Mapping[str, Any], **_: Any) -> None:
        check_ascending(params["points"], "at", name="points")


class Rule(ByPeriod):
    """The attainment at the end of the pay period has its place on the curve."""

    needs_quota = True

    def __init__(self, params: dict[str, Any], *, at_bound: str = "upper") -> None:
        super().__init__(params, at_bound=at_bound)
        self.needs_target = params["target"] is None
        self._curve = points(params["points"], "pays")
        self._slope = Fraction(params["slope_above"])
        self._rows = [
            {"at": format(point["at"], "f"), "pays": format(point["pays"], "f")}
            for point in params["points"]
        ]

    def due(self, reach: Reach) -> Due:
        target = target_of(self.params, reach)
        share = self._share(reach.attainment)
        last = point_below(self._curve, reach.attainment)
        return Due(
            amount=target * share,
            slices=[(last, target)] if last else [],
            rows=self._rows,
            notes=reach.notes() | {"target": plain(target), "share": plain(round(share, 6))},
        )

    def _share(self, attainment: Fraction) -> Fraction:
        share = height(self._curve, attainment, slope_above=self._slope)
        most = self.params["most"]
        return share if most is None else min(share, Fraction(most))

    def bends(self, quota: Fraction | None) -> list[Fraction]:
        return of_quota([place for place, _ in self._curve] + self._where_it_ends(), quota)

    def _where_it_ends(self) -> list[Fraction]:
        """The attainment above the last point at which `most` is reached."""
        place, base = self._curve[-1]
        most = self.params["most"]
        if most is None or self._slope <= 0 or most <= base:
            return []
        return [place + (Fraction(most) - base) / self._slope]

    def describe(self, unit: str) -> str:
        listed = ", ".join(
            f"{percent(point['pays'])} at {percent(point['at'])} of quota"
            for point in self.params["points"]
        )
        sentence = (
            f"a share of {described_target(self.params, unit)}: {listed}, "
            "in a straight line between them and nothing below the first"
        )
        if self._slope:
            sentence += f"; above the last, {percent(self._slope / 100)} more for each 1 % of quota"
        most = self.params["most"]
        return sentence if most is None else f"{sentence}; at most {percent(most)}"


EXAMPLE: dict[str, Any] = {
    "params": {
        "target": "21000",
        "points": [{"at": "0.5", "pays": "0.25"}, {"at": "1", "pays": "1"}],
        "slope_above": "2",
        "most": "2",
    },
    "reached": "105000",
    "base": "105000",
    "quota": "100000",
    "earns": "23100",
}
