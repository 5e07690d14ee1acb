"""Tests on results: "meetings in the month at least 20", "attainment of the year at least 1".

Gates, tiers and multipliers ask them. What is read is a payee's whole result of a measure, or what
another component of the plan has earned, over a span of the company's calendar.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from incentives.core.fields import ExactDecimal, letters, one_of
from incentives.core.measures import MEASURES

RESULT, ATTAINMENT, EARNED = "result", "attainment", "earned"
SPANS = ("week", "month", "quarter", "year")


class ReadingSchema(Schema):
    """A measure's `result` or `attainment`, or what a component above has `earned`."""

    measure = fields.String(validate=one_of(list(MEASURES)))
    component = fields.String(validate=letters(60))
    read = fields.String(validate=one_of([RESULT, ATTAINMENT, EARNED]))
    over = fields.String(required=True, validate=one_of(list(SPANS)))

    @validates_schema
    def one_thing_is_read(self, row: Mapping[str, Any], **_: Any) -> None:
        if ("measure" in row) == ("component" in row):
            raise ValidationError("Name a measure or a component, one of the two.", "measure")
        if "component" in row and row.get("read", EARNED) != EARNED:
            raise ValidationError("Of a component, write earned.", "read")
        if "measure" in row and row.get("read", RESULT) == EARNED:
            raise ValidationError("Of a measure, write result or attainment.", "read")


class ResultTestSchema(ReadingSchema):
    """Holds where what is read is at least a number; attainment is a ratio, 1 is the quota."""

    at_least = ExactDecimal(required=True)


class GateSchema(Schema):
    """`all` tests must hold and, if there are `any` tests, one of those as well.

    Judged `whole`, a gate holds for all of a span or for nothing of it, as known now; `to_date`, it
    is judged at the end of each pay period on the results so far.
    """

    judged = fields.String(load_default="whole", validate=one_of(["whole", "to_date"]))
    all = fields.List(fields.Nested(ResultTestSchema), load_default=list)
    any = fields.List(fields.Nested(ResultTestSchema), load_default=list)

    @validates_schema
    def something_is_tested(self, gate: Mapping[str, Any], **_: Any) -> None:
        if not gate["all"] and not gate["any"]:
            raise ValidationError("Write at least one test.", "all")


def what_is_read(test: Mapping[str, Any]) -> str:
    return EARNED if "component" in test else test.get("read", RESULT)


def reaches(test: Mapping[str, Any], found: Fraction | None, *, upper: bool = True) -> bool:
    """Whether what was read holds the test; what cannot be read, for want of a quota, does not."""
    if found is None:
        return False
    least = Fraction(test["at_least"])
    return found >= least if upper else found > least


def describe_test(test: Mapping[str, Any]) -> str:
    """A test in words: "meetings in the month reach 20"."""
    span = f"in the {test['over']}"
    if "component" in test:
        return f"{test['component'].replace('-', ' ')} {span} earns at least {test['at_least']:f}"
    label = MEASURES[test["measure"]].label.lower()
    if what_is_read(test) == ATTAINMENT:
        percent = f"{(test['at_least'] * 100).normalize():f}"
        return f"{label} {span} reaches {percent} % of quota"
    return f"{label} {span} reaches {test['at_least']:f}"


def describe_gate(gate: Mapping[str, Any]) -> str:
    every = " and ".join(map(describe_test, gate["all"]))
    some = " or ".join(map(describe_test, gate["any"]))
    return " and ".join(filter(None, [every, f"({some})" if some and every else some]))
