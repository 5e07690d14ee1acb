"""The published JSON Schema of plan documents, made from the very schemas that check them."""

from types import ModuleType
from typing import Any

from marshmallow import Schema, fields, validate

from incentives.core.fields import ExactDecimal, OneOf
from incentives.core.plans import PlanSchema, RuleField
from incentives.core.registry import rule_types

Json = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> Json:
    """The schema of a whole plan document. What depends on two fields at once, such as bounds that
    ascend, is checked when a document is read and not told here."""
    return {
        "$schema": _DIALECT,
        "title": "Incentives plan",
        "description": _words(PlanSchema.__doc__),
        **_object(PlanSchema()),
    }


def _object(schema: Schema) -> Json:
    properties = {name: _field(field) for name, field in schema.fields.items()}
    required = [name for name, field in schema.fields.items() if field.required]
    found: Json = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return {**found, "required": required} if required else found


def _field(field: fields.Field[Any]) -> Json:
    found = _kind_of(field)
    for validator in field.validators:
        found.update(_limits(validator, of_list=isinstance(field, fields.List)))
    if field.allow_none and "type" in found:
        types = found["type"] if isinstance(found["type"], list) else [found["type"]]
        found["type"] = [*types, "null"]
    return found


def _kind_of(field: fields.Field[Any]) -> Json:
    match field:
        case ExactDecimal():
            return {
                "type": ["string", "integer"],
                "pattern": field.metadata["pattern"],
                "description": 'A decimal as text, such as "0.04", or a whole number.',
            }
        case RuleField():
            return {"oneOf": [_rule(kind, found) for kind, found in sorted(rule_types().items())]}
        case fields.Nested():
            return _object(field.schema)
        case fields.List():
            return {"type": "array", "items": _field(field.inner)}
        case fields.Dict():
            values = field.value_field
            return {"type": "object", "additionalProperties": _field(values) if values else True}
        case fields.Integer():
            return {"type": "integer"}
        case fields.String():
            return {"type": "string"}
    return {}


def _rule(kind: str, rule_type: ModuleType) -> Json:
    """The parameters of a rule type, told apart by its kind."""
    found = _object(rule_type.Params())
    return {
        "title": rule_type.LABEL,
        "description": _words(rule_type.Params.__doc__),
        **found,
        "properties": {"kind": {"const": kind}, **found["properties"]},
        "required": ["kind", *found.get("required", [])],
    }


def _limits(validator: Any, *, of_list: bool) -> Json:
    match validator:
        case OneOf():
            return {"enum": list(validator.choices)}
        case validate.OneOf():
            return {"enum": list(validator.choices)}
        case validate.Equal():
            return {"const": validator.comparable}
        case validate.Regexp():
            # ECMA has no \Z; for a schema the end of the text is written $.
            return {"pattern": str(validator.regex.pattern).replace(r"\Z", "$")}
        case validate.Length():
            what = "Items" if of_list else "Length"
            return {f"min{what}": validator.min, f"max{what}": validator.max}
    return {}


def _words(docstring: str | None) -> str:
    return " ".join((docstring or "").split())
