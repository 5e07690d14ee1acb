"""A fixed amount for each unit or package, the same for all or by an attribute of the activity."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from incentives.core.bulk.flows import AllEarned, Flows, ForMany, at_one_rate
from incentives.core.fields import ExactDecimal
from incentives.core.results import MONEY, POINTS
from incentives.core.rules import Earned, Flow
from incentives.core.scaled import packages, scaled
from incentives.core.words import number

KIND, LABEL = "per_unit", "Fixed amount per unit"
YIELDS = (POINTS, MONEY)


class Params(Schema):
    """`amount` for each unit; where `by` names an attribute, `amounts` lists exceptions to it.

    With `package`, units are counted in packages of so many, rounded up, on the running sum.
    """

    amount = ExactDecimal(required=True)
    by = fields.String(load_default=None, allow_none=True)
    amounts = fields.Dict(keys=fields.String(), values=ExactDecimal(), load_default=dict)
    package = ExactDecimal(
        load_default=None, allow_none=True, validate=validate.Range(min=0, min_inclusive=False)
    )

    @validates_schema
    def packages_are_all_alike(self, params: Mapping[str, Any], **_: Any) -> None:
        if params["package"] is not None and params["by"]:
            raise ValidationError("Packages have one amount: leave out by.", "package")


class Rule(ForMany):
    """Every unit gives its amount; packages are counted on the running sum."""

    def __init__(self, params: dict[str, Any], *, at_bound: str = "upper") -> None:
        super().__init__(params, at_bound=at_bound)
        self.needs_position = self.counts_own_units = params["package"] is not None
        named = params["amounts"] if params["by"] else {}
        self._amounts, self._per = scaled([params["amount"], *named.values()])
        self.reads_attributes = bool(named)
        self._row_of = {name: row for row, name in enumerate(named, start=1)}
        self._rows = [{"amount": format(params["amount"], "f")}] + [
            {"amount": format(amount, "f"), "for": name} for name, amount in named.items()
        ]

    def earn(self, flow: Flow) -> Earned:
        if self.params["package"] is not None:
            return self._by_package(flow)
        rows = [0] * len(flow.values)
        if self._row_of:
            by = self.params["by"]
            rows = [self._row_of.get(said.get(by, ""), 0) for said in flow.attributes]
        return Earned(
            amounts=[
                value * self._amounts[row] for value, row in zip(flow.values, rows, strict=True)
            ],
            per=flow.scale * self._per,
            steps=[f"{row + 1}:{value}" for value, row in zip(flow.values, rows, strict=True)],
            rows=self._rows,
            scale=flow.scale,
        )

    def _by_package(self, flow: Flow) -> Earned:
        counts, before = [], packages(flow.start, flow.scale, self.params["package"])
        position = flow.start
        for value in flow.values:
            position += value
            after = packages(position, flow.scale, self.params["package"])
            counts.append(after - before)
            before = after
        return Earned(
            amounts=[count * self._amounts[0] for count in counts],
            per=self._per,
            steps=[f"1:{count}" for count in counts],
            rows=[{**self._rows[0], "package": format(self.params["package"], "f")}],
            scale=1,
        )

    @property
    def takes_many(self) -> bool:
        return self.params["package"] is None and not self._row_of

    def earn_many(self, flows: Flows) -> AllEarned:
        return at_one_rate(flows, Fraction(self.params["amount"]), self._rows)

    def describe(self, unit: str) -> str:
        params = self.params
        each = f"{number(params['amount'])} {unit}".strip()
        if params["package"] is not None:
            return f"{each} for each package of {number(params['package'])}, rounded up"
        if not self._row_of:
            return f"{each} for each"
        listed = ", ".join(f"{name} {number(amount)}" for name, amount in params["amounts"].items())
        return f"{each} for each; by {params['by']}: {listed}"


EXAMPLE: dict[str, Any] = {
    "params": {"amount": "10", "by": "product", "amounts": {"GTX Pro": "48"}},
    "values": ["1", "1"],
    "attributes": [{"product": "MG Special"}, {"product": "GTX Pro"}],
    "earns": ["10", "48"],
}
