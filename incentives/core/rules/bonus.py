"""Bonuses: a fixed amount for a result, paid once for the span."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from marshmallow import Schema, fields, validate, validates_schema

from incentives.core.fields import ExactDecimal, one_of, rows
from incentives.core.results import MONEY, POINTS
from incentives.core.rules import ByPeriod, Due, Reach
from incentives.core.tiers import (
    AMOUNT,
    ATTAINMENT,
    MOST_TIERS,
    bound_in_words,
    check_ascending,
    of_quota,
    tier_at,
)
from incentives.core.words import number

KIND, LABEL = "bonus", "Bonus for a result"
YIELDS = (MONEY, POINTS)

HIGHEST, EACH = "highest", "each"
_WHICH = {HIGHEST: "the highest that is reached pays", EACH: "each that is reached pays"}


class BonusSchema(Schema):
    """An amount for a result of at least so much."""

    at_least = ExactDecimal(required=True, validate=validate.Range(min=0, min_inclusive=False))
    amount = ExactDecimal(required=True)


class Params(Schema):
    """An ascending list of results with the amount for each; of those reached, the highest pays.

    `by` says what `at_least` is: a share of the quota (1 is all of it) or an amount. With
    `pays: each`, all that are reached pay.
    """

    by = fields.String(required=True, validate=one_of([AMOUNT, ATTAINMENT]))
    bonuses = fields.List(fields.Nested(BonusSchema), required=True, validate=rows(MOST_TIERS))
    pays = fields.String(load_default=HIGHEST, validate=one_of([HIGHEST, EACH]))

    @validates_schema
    def results_ascend(self, params: Mapping[str, Any], **_: Any) -> None:
        check_ascending(params["bonuses"], "at_least", name="bonuses")


class Rule(ByPeriod):
    """The result at the end of the pay period decides which of the bonuses are due."""

    jumps = True

    def __init__(self, params: dict[str, Any], *, at_bound: str = "upper") -> None:
        super().__init__(params, at_bound=at_bound)
        self.needs_quota = params["by"] == ATTAINMENT
        self._bounds = [Fraction(bonus["at_least"]) for bonus in params["bonuses"]]
        self._rows = [
            {"at_least": format(bonus["at_least"], "f"), "amount": format(bonus["amount"], "f")}
            for bonus in params["bonuses"]
        ]

    def due(self, reach: Reach) -> Due:
        reached = tier_at(self.bends(reach.quota), reach.reached, upper=self.upper)
        first = 1 if self.params["pays"] == EACH else max(reached, 1)
        paid = range(first, reached + 1)
        return Due(
            amount=sum((self._amount(row) for row in paid), Fraction(0)),
            slices=[(row, Fraction(1)) for row in paid],
            rows=self._rows,
            notes=reach.notes(),
        )

    def _amount(self, row: int) -> Fraction:
        return Fraction(self.params["bonuses"][row - 1]["amount"])

    def bends(self, quota: Fraction | None) -> list[Fraction]:
        return of_quota(self._bounds, quota) if self.needs_quota else self._bounds

    def describe(self, unit: str) -> str:
        listed = ", ".join(
            f"{number(bonus['amount'])} {unit} from {self._result(bonus)} on"
            for bonus in self.params["bonuses"]
        )
        return f"{listed}; {_WHICH[self.params['pays']]}"

    def _result(self, bonus: Mapping[str, Any]) -> str:
        return bound_in_words(bonus["at_least"], self.params["by"])


EXAMPLE: dict[str, Any] = {
    "params": {
        "by": "attainment",
        "bonuses": [{"at_least": "0.8", "amount": "500"}, {"at_least": "1", "amount": "1200"}],
    },
    "reached": "105000",
    "base": "105000",
    "quota": "100000",
    "earns": "1200",
}
