"""Conditions on a credit: rows of field, comparison and value, joined by all or any.

They are data, drawn as a form and stored with the plan. Nothing is ever handed to an interpreter.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from operator import eq, ge, lt, ne
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from incentives.core.columns import Columns
from incentives.core.fields import letters, one_of
from incentives.core.words import plain

COMPARISONS: dict[str, str] = {
    "is": "is",
    "is_not": "is not",
    "is_one_of": "is one of",
    "at_least": "is at least",
    "below": "is below",
}
_NUMERIC = {"at_least", "below"}


class ConditionSchema(Schema):
    """One row. `field` is amount, kind, source or the name of an attribute such as product."""

    field = fields.String(required=True, validate=letters(60))
    comparison = fields.String(required=True, validate=one_of(list(COMPARISONS)))
    value = fields.Raw(
        required=True,
        metadata={
            "description": "A text; for is_one_of a list of texts; for at_least and below a number."
        },
    )

    @validates_schema
    def the_value_suits_the_comparison(self, row: Mapping[str, Any], **_: Any) -> None:
        if row["comparison"] == "is_one_of":
            values = row["value"]
            if not isinstance(values, list) or not values or not _are_texts(values):
                raise ValidationError("Write a list of texts.", "value")
        elif row["comparison"] in _NUMERIC:
            if _number(row["value"]) is None:
                raise ValidationError("Write a number, such as 100 or 99.50.", "value")
        elif not isinstance(row["value"], str):
            raise ValidationError("Write a text.", "value")


class ConditionsSchema(Schema):
    """`all` rows must hold and, if there are `any` rows, one of those as well."""

    all = fields.List(fields.Nested(ConditionSchema), load_default=list)
    any = fields.List(fields.Nested(ConditionSchema), load_default=list)


def matching(said: Mapping[str, Any], columns: Columns, indexes: Sequence[int]) -> Sequence[int]:
    """Those of the indexes whose credits meet the conditions, in the same order."""
    every, some = said.get("all", []), said.get("any", [])
    for row in every:
        indexes = _held(row, columns, indexes)
    if not some:
        return indexes
    kept = set().union(*(_held(row, columns, indexes) for row in some))
    return [at for at in indexes if at in kept]


def reads_amount(said: Mapping[str, Any]) -> bool:
    """Whether the conditions look at the amount of a credit."""
    rows = (*said.get("all", []), *said.get("any", []))
    return any(row["field"] == "amount" for row in rows)


def _held(row: Mapping[str, Any], columns: Columns, indexes: Sequence[int]) -> list[int]:
    compare, value = _COMPARE[row["comparison"]], row["value"]
    if row["comparison"] not in _NUMERIC:
        texts = zip(indexes, _texts(row["field"], columns, indexes), strict=True)
        if row["comparison"] == "is":
            # By far the most frequent one.
            return [at for at, text in texts if text == value]
        return [at for at, text in texts if compare(text, value)]
    bound = Decimal(str(value))
    if row["field"] == "amount":
        least = Fraction(bound) * columns.scale
        amounts, negated, unknown = columns.amounts, columns.taken_off, columns.without_rate
        return [
            at
            for at in indexes
            if at not in unknown and compare(-amounts[at] if at in negated else amounts[at], least)
        ]
    said = columns.attributes
    numbers = ((at, _number(said[at].get(row["field"], ""))) for at in indexes)
    return [at for at, number in numbers if number is not None and compare(number, bound)]


def _texts(name: str, columns: Columns, indexes: Sequence[int]) -> list[str]:
    """The text of a field of each of the indexes."""
    match name:
        case "kind":
            return [columns.kinds[at] for at in indexes]
        case "source":
            return [columns.sources[at] for at in indexes]
        case "amount":
            return [plain(Fraction(columns.amounts[at], columns.scale)) for at in indexes]
    said = columns.attributes
    return [said[at].get(name, "") for at in indexes]


def describe(conditions: Mapping[str, Any]) -> str:
    """The conditions in words: 'product is not MG Special and amount is at least 100'."""
    every = " and ".join(map(_describe_row, conditions.get("all", [])))
    some = " or ".join(map(_describe_row, conditions.get("any", [])))
    return " and ".join(filter(None, [every, f"({some})" if some and every else some]))


def _describe_row(row: Mapping[str, Any]) -> str:
    value = ", ".join(row["value"]) if isinstance(row["value"], list) else row["value"]
    return f"{row['field'].replace('_', ' ')} {COMPARISONS[row['comparison']]} {value}"


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "is": eq,
    "is_not": ne,
    "is_one_of": lambda found, value: found in value,
    "at_least": ge,
    "below": lt,
}


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool | float):
        return None
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None
