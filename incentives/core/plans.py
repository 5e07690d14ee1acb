"""A plan is data: one document, whichever way it comes in. Reading it checks it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import (
    RAISE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

from incentives.core.conditions import ConditionsSchema
from incentives.core.fields import one_of
from incentives.core.measures import MEASURES
from incentives.core.registry import rule_types
from incentives.core.results import MONEY, YIELDS

ACCUMULATIONS = ("deal", "day", "week", "month", "quarter", "year")
_KEY = validate.Regexp(r"^[a-z][a-z0-9-]{0,59}\Z", error="Write small letters, digits and hyphens.")


class RuleField(fields.Field[Any]):
    """`{"kind": …}` with the parameters of that rule type, checked by its own schema."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping) or value.get("kind") not in list(rule_types()):
            known = ", ".join(sorted(rule_types()))
            raise ValidationError({"kind": [f"Write one of {known}."]})
        params = {name: part for name, part in value.items() if name != "kind"}
        rule_type = rule_types()[value["kind"]]
        return {"kind": value["kind"], **rule_type.Params(unknown=RAISE).load(params)}


class ComponentSchema(Schema):
    """One way to earn: who is measured by what, over which span, by which rule, for which yield."""

    key = fields.String(required=True, validate=_KEY)
    name = fields.String(required=True, validate=validate.Length(1, 80))
    yields = fields.String(required=True, validate=one_of(list(YIELDS)))
    measure = fields.String(required=True, validate=one_of(list(MEASURES)))
    accumulates = fields.String(load_default="deal", validate=one_of(list(ACCUMULATIONS)))
    conditions = fields.Nested(ConditionsSchema, load_default=dict)
    rule = RuleField(required=True)

    @validates_schema
    def the_rule_gives_this_yield(self, component: Mapping[str, Any], **_: Any) -> None:
        rule_type = rule_types()[component["rule"]["kind"]]
        if component["yields"] not in rule_type.YIELDS:
            raise ValidationError(
                f"{rule_type.LABEL} gives {' or '.join(rule_type.YIELDS)}.", "yields"
            )
        needs_quota = rule_type.needs_quota(component["rule"])
        if needs_quota and component["accumulates"] not in ("month", "quarter", "year"):
            raise ValidationError(
                "Tiers by attainment accumulate over a month, a quarter or a year.", "accumulates"
            )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> "Component":
        return Component(**data)


class PlanSchema(Schema):
    """A whole plan document, format version 1."""

    schema = fields.Integer(required=True, validate=validate.Equal(1))
    name = fields.String(required=True, validate=validate.Length(1, 80))
    currency = fields.String(required=True, validate=validate.Regexp(r"^[A-Z]{3}\Z"))
    components = fields.List(
        fields.Nested(ComponentSchema), required=True, validate=validate.Length(1, 100)
    )

    @validates_schema
    def keys_differ(self, plan: Mapping[str, Any], **_: Any) -> None:
        keys = [component.key for component in plan["components"]]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValidationError(f"Two components are called {twice[0]}.", "components")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> "Plan":
        data.pop("schema")
        return Plan(**{**data, "components": tuple(data["components"])})


@dataclass(frozen=True)
class Component:
    key: str
    name: str
    yields: str
    measure: str
    accumulates: str
    conditions: dict[str, Any]
    rule: dict[str, Any]

    @property
    def needs_quota(self) -> bool:
        return bool(rule_types()[self.rule["kind"]].needs_quota(self.rule))


@dataclass(frozen=True)
class Plan:
    name: str
    currency: str
    components: tuple[Component, ...]

    def component(self, key: str) -> Component | None:
        return next((c for c in self.components if c.key == key), None)

    def currency_of(self, component: Component) -> str | None:
        return self.currency if component.yields == MONEY else None


@dataclass(frozen=True)
class PlanVersion:
    """A plan as it is in force from the start of a day on (semantics 21)."""

    id: int
    plan_id: int
    number: int
    first_day: date
    plan: Plan


@dataclass(frozen=True)
class Agreement:
    """A payee's assignment to a plan over days [first_day, end_day), with the plan's versions."""

    versions: tuple[PlanVersion, ...]
    first_day: date
    end_day: date | None

    def version_on(self, day: date) -> PlanVersion | None:
        """The version in force on a day, or None where the payee had no such plan."""
        if day < self.first_day or (self.end_day is not None and day >= self.end_day):
            return None
        return version_in_force(self.versions, day)


def version_in_force(versions: tuple[PlanVersion, ...], day: date) -> PlanVersion | None:
    """The newest version that has begun; of two that begin on one day the later number."""
    begun = [version for version in versions if version.first_day <= day]
    return max(begun, key=lambda v: (v.first_day, v.number), default=None)


def read_plan(document: Mapping[str, Any]) -> Plan:
    """The plan a document describes. Raises marshmallow's ValidationError naming each field."""
    plan: Plan = PlanSchema(unknown=RAISE).load(document)
    try:
        canonical(document)
    except (TypeError, ValueError) as error:
        # YAML knows more than texts and numbers, and a plan is kept as JSON.
        raise ValidationError("Write texts, numbers and lists only.") from error
    return plan


def canonical(document: Mapping[str, Any]) -> str:
    """A document as the one text that is stored and hashed."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def document_hash(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(document).encode()).hexdigest()
