"""A plan is data: one document, whichever way it comes in. Reading it checks it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
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

from incentives.core.claw_back import ClawBack, ClawBackSchema
from incentives.core.components import Component, ComponentSchema
from incentives.core.fields import letters, one_of
from incentives.core.pay_terms import (
    Draw,
    DrawSchema,
    Guarantee,
    GuaranteeSchema,
    Holdback,
    HoldbackSchema,
)
from incentives.core.quotas import QuotaTerms, QuotaTermsSchema
from incentives.core.refusals import in_sentences, with_nearest_names
from incentives.core.results import MONEY
from incentives.core.words import did_you_mean

PAY_PERIODS = ("week", "month", "quarter", "year")


class PlanSchema(Schema):
    """A whole plan document, format version 1.

    `pays` is the pay period. `quotas` says how quotas are read, `draw`, `guarantee`, `holdback` and
    `claw_back` what is agreed on around the earnings.
    """

    schema = fields.Integer(required=True, validate=validate.Equal(1))
    name = fields.String(required=True, validate=letters(80))
    currency = fields.String(
        required=True,
        validate=validate.Regexp(
            r"^[A-Z]{3}\Z", error="Write the code of a currency, such as USD."
        ),
    )
    pays = fields.String(load_default="month", validate=one_of(list(PAY_PERIODS)))
    quotas = fields.Nested(QuotaTermsSchema, load_default=QuotaTerms)
    draw = fields.Nested(DrawSchema, load_default=None, allow_none=True)
    guarantee = fields.Nested(GuaranteeSchema, load_default=None, allow_none=True)
    holdback = fields.Nested(HoldbackSchema, load_default=None, allow_none=True)
    claw_back = fields.Nested(ClawBackSchema, load_default=ClawBack)
    components = fields.List(
        fields.Nested(ComponentSchema),
        required=True,
        validate=validate.Length(1, 100, error="Add at least one component, and at most {max}."),
    )

    @validates_schema
    def keys_differ(self, plan: Mapping[str, Any], **_: Any) -> None:
        keys = [component.key for component in plan["components"]]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValidationError(f"Two components are called {twice[0]}.", "components")

    @validates_schema
    def gates_look_up(self, plan: Mapping[str, Any], **_: Any) -> None:
        """A component named in a test stands above, so that no two wait for each other."""
        above: list[str] = []
        for component in plan["components"]:
            for name in component.components_tested:
                if name not in above:
                    raise ValidationError(
                        f"{component.key} looks at {name}, which must stand above it."
                        f"{did_you_mean(name, above)}",
                        "components",
                    )
            above.append(component.key)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> "Plan":
        data.pop("schema")
        return Plan(**{**data, "components": tuple(data["components"])})


@dataclass(frozen=True)
class Plan:
    name: str
    currency: str
    components: tuple[Component, ...]
    pays: str = "month"
    quotas: QuotaTerms = field(default_factory=QuotaTerms)
    draw: Draw | None = None
    guarantee: Guarantee | None = None
    holdback: Holdback | None = None
    claw_back: ClawBack = field(default_factory=ClawBack)

    def component(self, key: str) -> Component | None:
        return next((c for c in self.components if c.key == key), None)

    @cached_property
    def reads_sources(self) -> bool:
        """Whether what counts depends on where a deal came from."""
        return any("source" in component.fields_read for component in self.components)

    def currency_of(self, component: Component) -> str | None:
        return self.currency if component.yields == MONEY else None


@dataclass(frozen=True, eq=False)
class PlanVersion:
    """A plan as it is in force from the start of a day on (semantics 21). What is published never
    changes, so a version is known by itself and not compared part by part."""

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


def read_plan(document: Mapping[str, Any], schema: type[PlanSchema] = PlanSchema) -> Plan:
    """The plan a document describes. Raises marshmallow's ValidationError naming each field.

    Versions in force are read by this, so what a document may no longer say is refused in
    `new_plans.read_new_plan` alone.
    """
    checks = schema(unknown=RAISE)
    try:
        plan: Plan = checks.load(document)
    except ValidationError as error:
        named = with_nearest_names(error.messages, checks, document)
        raise ValidationError(in_sentences(named)) from error
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
