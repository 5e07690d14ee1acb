"""Shares as people type them: 6.5 per cent in a form is 0.065 in a plan document."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import Schema

from incentives.core.fields import OneOf
from incentives.core.result_tests import ATTAINMENT

_NUMBER = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,10})?")

# Numbers that are shares wherever they stand, and those that are by what a table goes by.
_ALWAYS = frozenset(
    ("rate", "of_quota", "of_target", "recover_at_most", "ramp", "pays", "minimum", "maximum")
)
_BY_TABLE = frozenset(("up_to", "at_least", "at", "marginal_from", "most"))
_SAY_WHAT_TABLES_GO_BY = ("tiers_by", "by", "read")


def is_share(name: str, *, by_attainment: bool) -> bool:
    return name in _ALWAYS or (by_attainment and name in _BY_TABLE)


def goes_by_attainment(schema: Schema, said: Mapping[str, Any], *, inherited: bool) -> bool:
    """Whether bounds inside this part are shares of the quota, by what the part itself says or,
    where it cannot say so, by what the part around it does."""
    for name in _SAY_WHAT_TABLES_GO_BY:
        field = schema.fields.get(name)
        if field is not None and _may_be_attainment(field):
            return said.get(name) == ATTAINMENT
    return inherited


def _may_be_attainment(field: Any) -> bool:
    return any(isinstance(v, OneOf) and ATTAINMENT in v.choices for v in field.validators)


def percent_text(ratio: str) -> str:
    """An exact ratio as one types it: 0.065 is 6.5. What is no number stays as it is."""
    if not _NUMBER.fullmatch(ratio):
        return ratio
    text = format(Decimal(ratio).scaleb(2), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def ratio_text(percent: str) -> str:
    """A per cent text as an exact ratio: 6.5 is 0.065. What is no number stays as it is."""
    return format(Decimal(percent).scaleb(-2), "f") if _NUMBER.fullmatch(percent) else percent


def number_text(typed: str) -> str:
    """A number without the separators that people type; anything else stays as it is."""
    plain = typed.replace(",", "").replace(" ", "")
    return plain if _NUMBER.fullmatch(plain) else typed
