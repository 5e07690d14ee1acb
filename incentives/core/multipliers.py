"""Multipliers: a factor on all that a component gives in a pay period (semantics 10)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from incentives.core.fields import ExactDecimal, one_of
from incentives.core.measures import MEASURES
from incentives.core.result_tests import ATTAINMENT, RESULT, SPANS, ReadingSchema
from incentives.core.tiers import TierSchema, check_bounds, tier_at, tiers_of, upper_bounds
from incentives.core.words import number, percent


class FactorTierSchema(TierSchema):
    """A factor up to an upper bound of what is read."""

    factor = ExactDecimal(required=True, minimum_zero=True)


class MultiplierSchema(ReadingSchema):
    """Either one `factor`, or a table of factors by what is read at the end of the pay period."""

    over = fields.String(validate=one_of(list(SPANS)))
    read = fields.String(validate=one_of([RESULT, ATTAINMENT]))
    factor = ExactDecimal(minimum_zero=True)
    tiers = tiers_of(FactorTierSchema, required=False)

    @validates_schema
    def one_thing_is_read(self, row: Mapping[str, Any], **_: Any) -> None:
        if "factor" in row:
            if row.keys() & {"tiers", "measure", "component", "over", "read"}:
                raise ValidationError("Write a factor alone, or tiers with what is read.", "factor")
            return
        if "tiers" not in row or "over" not in row:
            raise ValidationError("Write a factor, or tiers with measure and over.", "tiers")
        if "measure" not in row:
            raise ValidationError("Name the measure that is read.", "measure")
        check_bounds(row["tiers"])


def factor_for(multiplier: Mapping[str, Any], found: Fraction | None, *, upper: bool) -> Fraction:
    """The factor for what was read; 1 where it cannot be read for want of a quota."""
    if "factor" in multiplier:
        return Fraction(multiplier["factor"])
    if found is None:
        return Fraction(1)
    at = tier_at(upper_bounds(multiplier["tiers"]), found, upper=upper)
    return Fraction(multiplier["tiers"][at]["factor"])


def describe_multiplier(multiplier: Mapping[str, Any]) -> str:
    if "factor" in multiplier:
        return f"times {number(multiplier['factor'])}"
    of_quota = multiplier.get("read", RESULT) == ATTAINMENT
    parts = []
    for tier in multiplier["tiers"]:
        bound = tier["up_to"]
        if bound is None:
            parts.append(f"{number(tier['factor'])} above that")
        else:
            top = f"{percent(bound)} of quota" if of_quota else number(bound)
            parts.append(f"{number(tier['factor'])} below {top}")
    label = MEASURES[multiplier["measure"]].label.lower()
    return f"times a factor by {label} in the {multiplier['over']}: {', '.join(parts)}"
