"""A scorecard: weighted items, each by how far it is reached, pay a share of a target."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from incentives.core.conditions import ConditionsSchema, describe
from incentives.core.fields import ExactDecimal, letters, one_of, rows
from incentives.core.measures import MEASURES
from incentives.core.results import MONEY, POINTS
from incentives.core.rules import ByPeriod, Due, Reach
from incentives.core.targets import described_target, target_of
from incentives.core.words import number, percent, plain

KIND, LABEL = "scorecard", "Scorecard"
YIELDS = (MONEY, POINTS)
MOST_ITEMS = 30


class ItemSchema(Schema):
    """One thing that is judged: a `measure` against its quota, or a `rating` given by an account.

    `weight` is in per cent. An achievement is a ratio: below `minimum` it counts as 0, above
    `maximum` as `maximum`.
    """

    name = fields.String(required=True, validate=letters(80))
    weight = ExactDecimal(required=True, minimum_zero=True)
    measure = fields.String(validate=one_of(list(MEASURES)))
    conditions = fields.Nested(ConditionsSchema, load_default=dict)
    rating = fields.String(validate=letters(60))
    rated_by = fields.String(validate=letters(120))
    minimum = ExactDecimal(load_default=None, allow_none=True, minimum_zero=True)
    maximum = ExactDecimal(load_default=None, allow_none=True, minimum_zero=True)

    @validates_schema
    def it_is_measured_or_rated(self, item: Mapping[str, Any], **_: Any) -> None:
        if ("measure" in item) == ("rating" in item):
            raise ValidationError("Write a measure or a rating, one of the two.", "measure")
        if ("rating" in item) != ("rated_by" in item):
            raise ValidationError("Write rated_by, the account that gives the rating.", "rated_by")
        if item["conditions"] and "rating" in item:
            raise ValidationError("Leave conditions out: a rating has none.", "conditions")


class Params(Schema):
    """Items with weights that total 100. The score is the sum of weight × achievement.

    A score of 100 pays the `target`; without it, each payee's own target incentive. Below
    `least` the score pays nothing, above `most` no more.
    """

    target = ExactDecimal(load_default=None, allow_none=True, minimum_zero=True)
    items = fields.List(fields.Nested(ItemSchema), required=True, validate=rows(MOST_ITEMS))
    least = ExactDecimal(load_default=None, allow_none=True, minimum_zero=True)
    most = ExactDecimal(load_default=None, allow_none=True, minimum_zero=True)

    @validates_schema
    def weights_total_100(self, params: Mapping[str, Any], **_: Any) -> None:
        total = sum((item["weight"] for item in params["items"]), Decimal(0))
        if total != 100:
            raise ValidationError(f"The weights total {total:f}. Make them total 100.", "items")
        least, most = params["least"], params["most"]
        if least is not None and most is not None and most < least:
            raise ValidationError(f"Write {least:f} or more.", "most")


class Rule(ByPeriod):
    """The score at the end of the pay period pays its share of the target."""

    def __init__(self, params: dict[str, Any], *, at_bound: str = "upper") -> None:
        super().__init__(params, at_bound=at_bound)
        self.needs_target = params["target"] is None
        self._rows = [
            {"name": item["name"], "weight": format(item["weight"], "f")}
            for item in params["items"]
        ]

    def due(self, reach: Reach) -> Due:
        """The slices are the points of the score, by item."""
        found = [reach.achievements(item) for item in self.params["items"]]
        points = [
            Fraction(item["weight"]) * self._counted(item, achievement)
            for item, achievement in zip(self.params["items"], found, strict=True)
        ]
        score = self._bounded(sum(points, Fraction(0)))
        target = target_of(self.params, reach)
        notes = {"score": plain(round(score, 6)), "target": plain(target)}
        missing = [str(row) for row, value in enumerate(found, start=1) if value is None]
        return Due(
            amount=target * score / 100,
            slices=list(enumerate(points, start=1)),
            rows=self._rows,
            notes=notes | ({"missing": " ".join(missing)} if missing else {}),
        )

    def _counted(self, item: Mapping[str, Any], achievement: Fraction | None) -> Fraction:
        """The achievement that counts; what is not known yet counts as 0."""
        if achievement is None:
            return Fraction(0)
        if item["minimum"] is not None and achievement < item["minimum"]:
            return Fraction(0)
        most = item["maximum"]
        return achievement if most is None else min(achievement, Fraction(most))

    def _bounded(self, score: Fraction) -> Fraction:
        least, most = self.params["least"], self.params["most"]
        if least is not None and score < least:
            return Fraction(0)
        return score if most is None else min(score, Fraction(most))

    def describe(self, unit: str) -> str:
        listed = ", ".join(map(_item_in_words, self.params["items"]))
        least, most = self.params["least"], self.params["most"]
        bounds = [] if least is None else [f"below {number(least)} it pays nothing"]
        bounds += [] if most is None else [f"above {number(most)} it pays no more"]
        counts = f"; {' and '.join(bounds)}" if bounds else ""
        return (
            f"a share of {described_target(self.params, unit)} by a score, "
            f"of which 100 pays it in full: {listed}{counts}"
        )


def _item_in_words(item: Mapping[str, Any]) -> str:
    if "rating" in item:
        source = f"rated by {item['rated_by']}"
    else:
        only = describe(item["conditions"])
        source = f"{MEASURES[item['measure']].label.lower()} against quota"
        source += f" where {only}" if only else ""
    bounds = [f"nothing below {percent(item['minimum'])}"] if item["minimum"] is not None else []
    bounds += [f"at most {percent(item['maximum'])}"] if item["maximum"] is not None else []
    return f"{item['name']} {number(item['weight'])} ({', '.join([source, *bounds])})"


EXAMPLE: dict[str, Any] = {
    "params": {
        "target": "1000",
        "items": [
            {"name": "Deals", "weight": "20", "measure": "deals_won"},
            {"name": "Revenue", "weight": "80", "measure": "revenue"},
        ],
    },
    "achievements": ["0.5", "2"],
    "reached": "40000",
    "base": "40000",
    "quota": None,
    "earns": "1700",
}
