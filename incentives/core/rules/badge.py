"""A badge for reaching a number of units within one span: a deal, a day, a month (semantics 37)."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, Decimal, localcontext
from typing import Any

from marshmallow import Schema, fields, validate

from incentives.core.fields import ExactDecimal, one_of
from incentives.core.money import EXACT
from incentives.core.results import BADGE, Earning
from incentives.core.rules import Measured

KIND, LABEL = "badge", "Badge for reaching a number"
YIELDS = (BADGE,)

ONCE, UNLIMITED = "once_per_period", "unlimited"


class Params(Schema):
    """`at_least` is the number to reach in the span the component accumulates over.

    An `unlimited` badge is won again with each further `at_least`.
    """

    at_least = ExactDecimal(required=True, validate=validate.Range(min=0, min_inclusive=False))
    award = fields.String(load_default=ONCE, validate=one_of([ONCE, UNLIMITED]))
    icon = fields.String(load_default="award")


def needs_quota(params: dict[str, Any]) -> bool:
    return False


def earn(measured: Sequence[Measured], quota: Decimal | None = None) -> Iterator[Earning]:
    reached, held = Decimal(0), 0
    for item in measured:
        reached += item.value
        if item.params is None:
            continue
        due = _due(item.params, reached)
        if due > held:
            steps = {"reached": str(reached), "at_least": str(item.params["at_least"])}
            yield Earning(item.credit, Decimal(due - held), steps)
            held = due


def _due(params: dict[str, Any], reached: Decimal) -> int:
    if reached < params["at_least"]:
        return 0
    if params["award"] == ONCE:
        return 1
    with localcontext(EXACT):
        return int((reached / params["at_least"]).to_integral_value(rounding=ROUND_DOWN))


def describe(params: dict[str, Any], unit: str) -> str:
    again = ", again with each further one" if params["award"] == UNLIMITED else ""
    return f"for reaching {params['at_least']:,}{again}."


EXAMPLE: dict[str, Any] = {
    "params": {"at_least": "3"},
    "measured": [("1", {}), ("1", {}), ("1", {}), ("1", {})],
    "quota": None,
    "earns": ["1"],
}
