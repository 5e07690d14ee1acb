"""Marginal tiers: each rate pays only inside its own tier (semantics 11 to 13)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from incentives.core.fields import ExactDecimal, one_of
from incentives.core.money import EXACT
from incentives.core.results import MONEY, POINTS, Earning
from incentives.core.rules import Measured

KIND, LABEL = "marginal_rate", "Rate by tier, each inside its tier"
YIELDS = (MONEY, POINTS)

ATTAINMENT, AMOUNT = "attainment", "amount"


class TierSchema(Schema):
    """A rate as a ratio (0.04 is 4 %) up to, and not including, an upper bound."""

    up_to = ExactDecimal(load_default=None, allow_none=True)
    rate = ExactDecimal(required=True)


class Params(Schema):
    """One ascending list of upper bounds, the last without one.

    `tiers_by` says what the bounds are: shares of the quota (0.5 is half of it) or amounts.
    """

    tiers_by = fields.String(required=True, validate=one_of([ATTAINMENT, AMOUNT]))
    tiers = fields.List(fields.Nested(TierSchema), required=True, validate=validate.Length(1, 50))

    @validates_schema
    def bounds_ascend_and_end_open(self, params: dict[str, Any], **_: Any) -> None:
        *bounded, last = [tier["up_to"] for tier in params["tiers"]]
        if last is not None:
            raise ValidationError("The last tier must have no upper bound.", "tiers")
        floor = Decimal(0)
        for number, bound in enumerate(bounded, start=1):
            if bound is None:
                raise ValidationError(f"Tier {number} needs an upper bound.", "tiers")
            if bound <= floor:
                raise ValidationError(
                    f"Tier {number} must end above {format(floor, 'f')}.", "tiers"
                )
            floor = bound


def needs_quota(params: dict[str, Any]) -> bool:
    return bool(params["tiers_by"] == ATTAINMENT)


def earn(measured: Sequence[Measured], quota: Decimal | None) -> Iterator[Earning]:
    reached = Decimal(0)
    for item in measured:
        with localcontext(EXACT):
            start, reached = reached, reached + item.value
            if item.params is None:
                continue
            slices = _cut(item.params, start, reached, quota)
            amount = sum((part["exact"] for part in slices), Decimal(0))
        yield Earning(
            item.credit,
            amount,
            {
                "base": str(item.value),
                "quota": None if quota is None else str(quota),
                "slices": [{name: str(value) for name, value in part.items()} for part in slices],
            },
        )


def bounds(params: dict[str, Any], quota: Decimal | None) -> list[Decimal | None]:
    """The upper bound of each tier as an amount; None for the last."""
    unit = quota if params["tiers_by"] == ATTAINMENT else Decimal(1)
    assert unit is not None, "tiers by attainment are never calculated without a quota"
    with localcontext(EXACT):
        return [None if t["up_to"] is None else t["up_to"] * unit for t in params["tiers"]]


def _cut(
    params: dict[str, Any], start: Decimal, end: Decimal, quota: Decimal | None
) -> list[dict[str, Any]]:
    """Cut the way from start to end into its tiers. A way back gives negative slices."""
    low, high = min(start, end), max(start, end)
    sign = 1 if end >= start else -1
    slices, floor = [], Decimal("-Infinity")
    for number, (tier, bound) in enumerate(
        zip(params["tiers"], bounds(params, quota), strict=True), start=1
    ):
        top = Decimal("Infinity") if bound is None else bound
        inside = min(high, top) - max(low, floor)
        if inside > 0:
            base = sign * inside
            slices.append(
                {"tier": number, "base": base, "rate": tier["rate"], "exact": base * tier["rate"]}
            )
        floor = top
    return slices


def describe(params: dict[str, Any], unit: str) -> str:
    of_quota = params["tiers_by"] == ATTAINMENT
    parts: list[str] = []
    for tier in params["tiers"]:
        rate = f"{_percent(tier['rate'])} %"
        if tier["up_to"] is None:
            parts.append(f"{rate} above that" if parts else f"{rate} of all of it")
        else:
            top = f"{_percent(tier['up_to'])} % of quota" if of_quota else f"{tier['up_to']:f}"
            parts.append(f"{rate} up to {top}")
    return ", then ".join(parts) + ". Each rate pays only inside its own tier."


def _percent(ratio: Decimal) -> str:
    text = f"{(ratio * 100):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


EXAMPLE: dict[str, Any] = {
    "params": {
        "tiers_by": "amount",
        "tiers": [{"up_to": "5000", "rate": "0.10"}, {"rate": "0.12"}],
    },
    "measured": [("4000", {}), ("2000", {})],
    "quota": None,
    "earns": ["400.00", "220.00"],
}
