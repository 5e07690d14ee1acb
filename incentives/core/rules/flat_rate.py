"""One rate on everything."""

from fractions import Fraction
from typing import Any

from marshmallow import Schema

from incentives.core.bulk.flows import AllEarned, Flows, ForMany, at_one_rate
from incentives.core.fields import ExactDecimal
from incentives.core.results import MONEY, POINTS
from incentives.core.rules import Earned, Flow
from incentives.core.words import percent

KIND, LABEL = "flat_rate", "One rate on everything"
YIELDS = (MONEY, POINTS)


class Params(Schema):
    """`rate` as a ratio: 0.10 is 10 %."""

    rate = ExactDecimal(required=True)


class Rule(ForMany):
    """Every credit pays the rate, whatever came before it."""

    needs_position = False

    def __init__(self, params: dict[str, Any], *, at_bound: str = "upper") -> None:
        super().__init__(params, at_bound=at_bound)
        self._rate = Fraction(params["rate"])
        self._rows = [{"rate": format(params["rate"], "f")}]

    def earn(self, flow: Flow) -> Earned:
        rate = self._rate.numerator
        return Earned(
            amounts=[value * rate for value in flow.values],
            per=flow.scale * self._rate.denominator,
            steps=[f"1:{value}" for value in flow.values],
            rows=self._rows,
            scale=flow.scale,
        )

    def earn_many(self, flows: Flows) -> AllEarned:
        return at_one_rate(flows, self._rate, self._rows)

    def describe(self, unit: str) -> str:
        return f"{percent(self.params['rate'])} of everything"


EXAMPLE: dict[str, Any] = {
    "params": {"rate": "0.10"},
    "values": ["4000", "2000.50"],
    "earns": ["400.00", "200.05"],
}
