"""A component is one way to earn: who, what, since when, gate, rule, multiplier, cap and floor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
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

from incentives.core.columns import ALL, OVERLAY, PRIMARY
from incentives.core.conditions import ConditionsSchema
from incentives.core.fields import letters, one_of
from incentives.core.limits import CapSchema, FloorSchema
from incentives.core.measures import MEASURES
from incentives.core.multipliers import MultiplierSchema
from incentives.core.registry import rule_types
from incentives.core.result_tests import GateSchema
from incentives.core.results import BADGE, YIELDS
from incentives.core.rules import ByActivity, ByPeriod, RuleSum
from incentives.core.words import did_you_mean

DEAL = "deal"
ACCUMULATIONS = (DEAL, "day", "week", "month", "quarter", "year")
# The order of spans by length: a cap or a table never looks at less than it pays for.
LENGTH = {span: at for at, span in enumerate(ACCUMULATIONS)}

OWN, TEAM, POOL = "own", "team", "pool"
UPPER, LOWER = "upper", "lower"
DUE_LESS_PAID, IN_PERIOD = "due_less_paid", "in_period"
BEGUN, WHOLE = "begun", "whole"
EQUAL, BY_CREDIT, BY_DAYS = "equal", "credit", "days"

KEY = validate.Regexp(r"^[a-z][a-z0-9-]{0,59}\Z", error="Write small letters, digits and hyphens.")


class RuleField(fields.Field[Any]):
    """`{"kind": …}` with the parameters of that rule type, checked by its own schema."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping) or value.get("kind") not in list(rule_types()):
            kind = str(value.get("kind")) if isinstance(value, Mapping) else str(value)
            known = sorted(rule_types())
            sentence = f"Write one of {', '.join(known)}.{did_you_mean(kind, known)}"
            raise ValidationError({"kind": [sentence]})
        params = {name: part for name, part in value.items() if name != "kind"}
        rule_type = rule_types()[value["kind"]]
        return {"kind": value["kind"], **rule_type.Params(unknown=RAISE).load(params)}


class WindowSchema(Schema):
    """Days [from, until): `until` is the first day that no longer counts."""

    first_day = fields.Date(required=True, data_key="from")
    end_day = fields.Date(required=True, data_key="until")

    @validates_schema
    def it_ends_after_it_begins(self, window: Mapping[str, Any], **_: Any) -> None:
        if window["end_day"] <= window["first_day"]:
            raise ValidationError("Must be later than the day in from.", "until")


class AttainmentSchema(Schema):
    """What moves the position in the table, where it is not the component's own result."""

    measure = fields.String(required=True, validate=one_of(list(MEASURES)))
    conditions = fields.Nested(ConditionsSchema, load_default=dict)


class PoolSchema(Schema):
    """How the amount of a whole team is divided among its members of a pay period."""

    by = fields.String(load_default=EQUAL, validate=one_of([EQUAL, BY_CREDIT, BY_DAYS]))


class ComponentSchema(Schema):
    """One way to earn: who is measured by what, over which span, by which rule, for which yield."""

    key = fields.String(required=True, validate=KEY)
    name = fields.String(required=True, validate=letters(80))
    yields = fields.String(required=True, validate=one_of(list(YIELDS)))
    measure = fields.String(required=True, validate=one_of(list(MEASURES)))
    accumulates = fields.String(load_default=DEAL, validate=one_of(list(ACCUMULATIONS)))
    credited = fields.String(load_default=OWN, validate=one_of([OWN, TEAM, POOL]))
    pool = fields.Nested(PoolSchema, load_default=None, allow_none=True)
    credits = fields.String(load_default=ALL, validate=one_of([ALL, PRIMARY, OVERLAY]))
    window = fields.Nested(WindowSchema, load_default=None, allow_none=True)
    conditions = fields.Nested(ConditionsSchema, load_default=dict)
    attainment = fields.Nested(AttainmentSchema, load_default=None, allow_none=True)
    to_date = fields.String(load_default=DUE_LESS_PAID, validate=one_of([DUE_LESS_PAID, IN_PERIOD]))
    quota_span = fields.String(load_default=BEGUN, validate=one_of([BEGUN, WHOLE]))
    gate = fields.Nested(GateSchema, load_default=None, allow_none=True)
    rule = RuleField(required=True)
    at_bound = fields.String(load_default=UPPER, validate=one_of([UPPER, LOWER]))
    multiplier = fields.Nested(MultiplierSchema, load_default=None, allow_none=True)
    cap = fields.Nested(CapSchema, load_default=None, allow_none=True)
    floor = fields.Nested(FloorSchema, load_default=None, allow_none=True)

    @validates_schema
    def the_rule_gives_this_yield(self, component: Mapping[str, Any], **_: Any) -> None:
        rule_type = rule_types()[component["rule"]["kind"]]
        if component["yields"] not in rule_type.YIELDS:
            raise ValidationError(
                f"{rule_type.LABEL} gives {' or '.join(rule_type.YIELDS)}.", "yields"
            )

    @validates_schema
    def attainment_accumulates(self, component: Mapping[str, Any], **_: Any) -> None:
        rule_type = rule_types()[component["rule"]["kind"]]
        needs_quota = rule_type.Rule(component["rule"]).needs_quota
        if needs_quota and LENGTH[component["accumulates"]] < LENGTH["week"]:
            raise ValidationError(
                "Tiers by attainment accumulate over a week, a month, a quarter or a year.",
                "accumulates",
            )

    @validates_schema
    def parts_suit_each_other(self, component: Mapping[str, Any], **_: Any) -> None:
        if component["rule"]["kind"] == "spif" and component["window"] is None:
            raise ValidationError("A SPIF needs its window: from and until.", "window")
        if component["pool"] is not None and component["credited"] != POOL:
            raise ValidationError("Only where credited is pool.", "pool")
        if component["rule"]["kind"] == "streak" and LENGTH[component["accumulates"]] < 3:
            raise ValidationError(
                "A streak is counted over a month, a quarter or a year.", "accumulates"
            )

    @validates_schema
    def no_other_basis_moves_own_units(self, component: Mapping[str, Any], **_: Any) -> None:
        rule_type = rule_types()[component["rule"]["kind"]]
        if component["attainment"] and rule_type.Rule(component["rule"]).counts_own_units:
            raise ValidationError(
                f"Leave this out: {rule_type.LABEL} counts what it pays for.", "attainment"
            )

    @validates_schema
    def badges_are_given_one_at_a_time(self, component: Mapping[str, Any], **_: Any) -> None:
        if component["yields"] == BADGE and component["rule"].get("amount", 1) != 1:
            raise ValidationError({"rule": {"amount": ["Leave this out: a badge is given once."]}})

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> "Component":
        if data["credited"] == POOL and data["pool"] is None:
            data["pool"] = {"by": EQUAL}
        return Component(**data)


@dataclass(frozen=True)
class Component:
    """A component as its document says; `sum` is its rule, ready to be asked."""

    key: str
    name: str
    yields: str
    measure: str
    accumulates: str
    rule: dict[str, Any]
    conditions: dict[str, Any] = field(default_factory=dict)
    credited: str = OWN
    pool: dict[str, Any] | None = None
    credits: str = ALL
    window: dict[str, date] | None = None
    attainment: dict[str, Any] | None = None
    to_date: str = DUE_LESS_PAID
    quota_span: str = BEGUN
    gate: dict[str, Any] | None = None
    at_bound: str = UPPER
    multiplier: dict[str, Any] | None = None
    cap: dict[str, Any] | None = None
    floor: dict[str, Any] | None = None

    @cached_property
    def sum(self) -> RuleSum:
        rule_sum: RuleSum = rule_types()[self.rule["kind"]].Rule(self.rule, at_bound=self.at_bound)
        return rule_sum

    @cached_property
    def needs_quota(self) -> bool:
        return self.sum.needs_quota

    @cached_property
    def looks_back(self) -> bool:
        """Whether what a credit earns depends on what was credited before it."""
        return not isinstance(self.sum, ByActivity) or self.sum.needs_position

    @cached_property
    def changes_by_pay_period(self) -> bool:
        """Whether gate, multiplier or tests of tiers may differ from one pay period to the next."""
        multiplier = self.multiplier
        return bool(
            self.gate or self.sum.tier_tests or (multiplier is not None and "tiers" in multiplier)
        )

    def quota_grows(self, pays: str) -> bool:
        """Whether the quota is that of the pay periods begun, of several in a span."""
        return (
            self.needs_quota
            and self.quota_span == BEGUN
            and LENGTH[self.accumulates] > LENGTH[pays]
        )

    @cached_property
    def has_plain_terms(self) -> bool:
        """Whether nothing but a quota stands between what is credited and the rule."""
        return not (self.gate or self.multiplier or self.sum.tier_tests or self.sum.needs_target)

    @cached_property
    def pays_by_period(self) -> bool:
        return isinstance(self.sum, ByPeriod)

    @property
    def tests(self) -> list[Mapping[str, Any]]:
        """Every test the component asks, of its gate and of its tiers."""
        gate = self.gate or {"all": [], "any": []}
        return [*gate["all"], *gate["any"], *self.sum.tier_tests.values()]

    @property
    def spans_read(self) -> set[str]:
        """The kinds of spans over which gate, tiers and multiplier read something."""
        multiplier = self.multiplier or {}
        return {said["over"] for said in (*self.tests, multiplier) if "over" in said}

    @property
    def fields_read(self) -> set[str]:
        """The fields of a deal that its conditions look at."""
        basis = self.attainment or {}
        items = self.rule.get("items", ())
        said = [self.conditions, *(each.get("conditions", {}) for each in (basis, *items))]
        return {
            row["field"] for each in said for row in (*each.get("all", ()), *each.get("any", ()))
        }

    @property
    def components_tested(self) -> list[str]:
        return [test["component"] for test in self.tests if "component" in test]

    @property
    def upper(self) -> bool:
        return self.at_bound == UPPER

    @cached_property
    def attainment_measure(self) -> str:
        """The measure whose quota attainment is read against."""
        return self.attainment["measure"] if self.attainment else self.measure

    @cached_property
    def budget(self) -> Decimal | None:
        """The most a SPIF gives away; None for every other rule."""
        found: Decimal | None = self.rule.get("budget")
        return found

    @cached_property
    def shares_budget(self) -> bool:
        return self.budget is not None and self.rule.get("budget_for") == "everyone"
