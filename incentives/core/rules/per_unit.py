"""A fixed amount for each unit, the same for all or by an attribute such as the product."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from typing import Any

from marshmallow import Schema, fields

from incentives.core.fields import ExactDecimal
from incentives.core.money import EXACT
from incentives.core.results import MONEY, POINTS, Earning
from incentives.core.rules import Measured

KIND, LABEL = "per_unit", "Fixed amount per unit"
YIELDS = (POINTS, MONEY)


class Params(Schema):
    """`amount` for each unit; where `by` names an attribute, `amounts` lists exceptions to it."""

    amount = ExactDecimal(required=True)
    by = fields.String(load_default=None, allow_none=True)
    amounts = fields.Dict(keys=fields.String(), values=ExactDecimal(), load_default=dict)


def needs_quota(params: dict[str, Any]) -> bool:
    return False


def earn(measured: Sequence[Measured], quota: Decimal | None = None) -> Iterator[Earning]:
    for item in measured:
        if item.params is None:
            continue
        name = item.credit.attributes.get(item.params["by"] or "", "")
        per_unit = item.params["amounts"].get(name, item.params["amount"])
        with localcontext(EXACT):
            amount = item.value * per_unit
        yield Earning(
            item.credit,
            amount,
            {"units": str(item.value), "per_unit": str(per_unit), "for": name},
        )


def describe(params: dict[str, Any], unit: str) -> str:
    if not params["by"] or not params["amounts"]:
        return f"{params['amount']} {unit} for each."
    listed = ", ".join(f"{name} {amount}" for name, amount in params["amounts"].items())
    return f"{params['amount']} {unit} for each; by {params['by']}: {listed}."


EXAMPLE: dict[str, Any] = {
    "params": {"amount": "10", "by": "product", "amounts": {"GTX Pro": "48"}},
    "measured": [("1", {"product": "MG Special"}), ("1", {"product": "GTX Pro"})],
    "quota": None,
    "earns": ["10", "48"],
}
