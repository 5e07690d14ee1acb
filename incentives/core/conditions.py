"""Conditions on a credit: rows of field, comparison and value, joined by all or any.

They are data, drawn as a form and stored with the plan. Nothing is ever handed to an interpreter.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from incentives.core.activity import Credit

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

    field = fields.String(required=True, validate=validate.Length(1, 60))
    comparison = fields.String(required=True, validate=validate.OneOf(list(COMPARISONS)))
    value = fields.Raw(required=True)

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


def holds(conditions: Mapping[str, Any], credit: Credit) -> bool:
    """Whether a credit meets the conditions of a component."""
    every, some = conditions.get("all", []), conditions.get("any", [])
    return all(_row_holds(row, credit) for row in every) and (
        not some or any(_row_holds(row, credit) for row in some)
    )


def describe(conditions: Mapping[str, Any]) -> str:
    """The conditions in words: 'product is not MG Special and amount is at least 100'."""
    every = " and ".join(map(_describe_row, conditions.get("all", [])))
    some = " or ".join(map(_describe_row, conditions.get("any", [])))
    return " and ".join(filter(None, [every, f"({some})" if some and every else some]))


def _describe_row(row: Mapping[str, Any]) -> str:
    value = ", ".join(row["value"]) if isinstance(row["value"], list) else row["value"]
    return f"{row['field'].replace('_', ' ')} {COMPARISONS[row['comparison']]} {value}"


def _row_holds(row: Mapping[str, Any], credit: Credit) -> bool:
    found = _read(credit, row["field"])
    if row["comparison"] in _NUMERIC:
        number = _number(found)
        return number is not None and _COMPARE[row["comparison"]](number, _number(row["value"]))
    return _COMPARE[row["comparison"]](str(found), row["value"])


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda found, value: found == value,
    "is_not": lambda found, value: found != value,
    "is_one_of": lambda found, value: found in value,
    "at_least": lambda found, value: found >= value,
    "below": lambda found, value: found < value,
}


def _read(credit: Credit, name: str) -> Any:
    if name in ("amount", "kind", "source"):
        return getattr(credit, name)
    return credit.attributes.get(name, "")


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None
