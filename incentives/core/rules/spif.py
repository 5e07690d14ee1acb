"""A short-term extra: an amount for each unit, or a rate, until its budget is used up."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from incentives.core.bulk.flows import AllEarned, Flows, ForMany, at_one_rate
from incentives.core.fields import ExactDecimal, one_of
from incentives.core.results import MONEY, POINTS
from incentives.core.rules import Earned, Flow
from incentives.core.words import number, percent

KIND, LABEL = "spif", "Short-term extra (SPIF)"
YIELDS = (MONEY, POINTS)

PAYEE, EVERYONE = "payee", "everyone"


class Params(Schema):
    """An `amount` for each unit or a `rate` (a ratio: 0.10 is 10 %), only inside the window.

    A `budget` goes to those who come first, until it is used; the last one gets the rest. It is a
    budget for each `payee`, or one for `everyone` together.
    """

    amount = ExactDecimal(load_default=None, allow_none=True)
    rate = ExactDecimal(load_default=None, allow_none=True)
    budget = ExactDecimal(load_default=None, allow_none=True, minimum_zero=True)
    budget_for = fields.String(load_default=PAYEE, validate=one_of([PAYEE, EVERYONE]))

    @validates_schema
    def it_is_an_amount_or_a_rate(self, params: Mapping[str, Any], **_: Any) -> None:
        if (params["amount"] is None) == (params["rate"] is None):
            raise ValidationError(
                "Write an amount for each unit, or a rate: one of them.", "amount"
            )


class Rule(ForMany):
    """Each credit earns by itself; the calculation stops at the budget."""

    needs_position = False

    def __init__(self, params: dict[str, Any], *, at_bound: str = "upper") -> None:
        super().__init__(params, at_bound=at_bound)
        what = "amount" if params["rate"] is None else "rate"
        self._each = Fraction(params[what])
        self._rows = [{what: format(params[what], "f")}]

    def earn(self, flow: Flow) -> Earned:
        return Earned(
            amounts=[value * self._each.numerator for value in flow.values],
            per=flow.scale * self._each.denominator,
            steps=[f"1:{value}" for value in flow.values],
            rows=self._rows,
            scale=flow.scale,
        )

    def earn_many(self, flows: Flows) -> AllEarned:
        return at_one_rate(flows, self._each, self._rows)

    def describe(self, unit: str) -> str:
        params = self.params
        if params["rate"] is None:
            given = f"{number(params['amount'])} {unit} for each"
        else:
            given = f"{percent(params['rate'])} of everything"
        if params["budget"] is None:
            return given
        whose = "each payee" if params["budget_for"] == PAYEE else "everyone together"
        return f"{given}, until {number(params['budget'])} {unit} for {whose} is used up"


EXAMPLE: dict[str, Any] = {
    "params": {"amount": "50", "budget": "1000"},
    "values": ["1", "0.6"],
    "earns": ["50", "30"],
}
