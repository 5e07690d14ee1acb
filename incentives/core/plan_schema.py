"""The published JSON Schema of plan documents, made from the very schemas that check them."""

from types import ModuleType
from typing import Any

from marshmallow import Schema, fields, validate

from incentives.core.components import RuleField
from incentives.core.fields import ExactDecimal, OneOf
from incentives.core.plans import PlanSchema
from incentives.core.registry import rule_types

Json = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> Json:
    """The schema of a whole plan document. What depends on two fields at once, such as bounds that
    ascend, is checked when a document is read and not told here."""
    return {
        "$schema": _DIALECT,
        "title": "Incentives plan",
        **_object(PlanSchema()),
    }


def _object(schema: Schema) -> Json:
    named = {field.data_key or name: field for name, field in schema.fields.items()}
    properties = {name: _field(field) for name, field in named.items()}
    required = [name for name, field in named.items() if field.required]
    found: Json = {
        "type": "object",
        "description": _words(type(schema).__doc__),
        "properties": properties,
        "additionalProperties": False,
    }
    return {**found, "required": required} if required else found


def _field(field: fields.Field[Any]) -> Json:
    found = _kind_of(field)
    if "description" in field.metadata:
        found["description"] = field.metadata["description"]
    for validator in field.validators:
        found.update(_limits(validator, of_list=isinstance(field, fields.List)))
    if field.allow_none and "type" in found:
        types = found["type"] if isinstance(found["type"], list) else [found["type"]]
        found["type"] = [*types, "null"]
    return found


def _kind_of(field: fields.Field[Any]) -> Json:
    match field:
        case ExactDecimal():
            return _decimal(field)
        case RuleField():
            return {"oneOf": [_rule(kind, found) for kind, found in sorted(rule_types().items())]}
        case fields.Nested():
            return _object(field.schema)
        case fields.List():
            return {"type": "array", "items": _field(field.inner)}
        case fields.Dict():
            values = field.value_field
            return {"type": "object", "additionalProperties": _field(values) if values else True}
        case fields.Raw():
            return {"type": ["string", "array", "integer"]}
        case fields.Date():
            return {"type": "string", "format": "date", "description": "A day: 2026-11-01."}
        case fields.Integer():
            return {"type": "integer"}
        case fields.String():
            return {"type": "string"}
    return {}


def _decimal(field: ExactDecimal) -> Json:
    pattern = str(field.metadata["pattern"])
    found: Json = {
        "type": ["string", "integer"],
        "pattern": pattern.replace("-?", "") if field.minimum_zero else pattern,
        "description": 'A decimal as text, such as "0.04", or a whole number.',
    }
    return {**found, "minimum": 0} if field.minimum_zero else found


def _rule(kind: str, rule_type: ModuleType) -> Json:
    """The parameters of a rule type, told apart by its kind."""
    found = _object(rule_type.Params())
    return {
        "title": rule_type.LABEL,
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
            least = validator.min if validator.equal is None else validator.equal
            most = validator.max if validator.equal is None else validator.equal
            return {f"min{what}": least, f"max{what}": most}
        case validate.Range():
            return _range(validator)
    return {}


def _range(validator: validate.Range) -> Json:
    """Bounds of whole numbers; one that is written as text is compared when it is read."""
    found: Json = {}
    if validator.min is not None:
        found["minimum" if validator.min_inclusive else "exclusiveMinimum"] = int(validator.min)
    if validator.max is not None:
        found["maximum" if validator.max_inclusive else "exclusiveMaximum"] = int(validator.max)
    return found


def _words(docstring: str | None) -> str:
    return " ".join((docstring or "").split())
