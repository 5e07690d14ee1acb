"""What every rule type keeps to: a true example, a sentence, slices that explain the amount."""

from fractions import Fraction

import pytest
from marshmallow import Schema

from incentives.core.registry import rule_types
from incentives.core.rules import ByPeriod
from tests.core.rules.asking import due, earn, earned, paid_by, rule, slices_of

KINDS = sorted(rule_types())


def example_of(kind):
    return rule_types()[kind].EXAMPLE


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_each_rule_type_is_true(kind):
    example = example_of(kind)
    if "reached" in example:
        told = due(
            kind,
            example["params"],
            example["reached"],
            base=example["base"],
            quota=example["quota"],
            achievements=example.get("achievements", ()),
        )
        assert told.amount == Fraction(example["earns"])
        return
    amounts = earned(
        kind,
        example["params"],
        example["values"],
        quota=example.get("quota"),
        days=example.get("days", ()),
        attributes=example.get("attributes"),
    )
    assert amounts == [Fraction(text) for text in example["earns"]]


@pytest.mark.parametrize("kind", KINDS)
def test_each_rule_type_explains_itself(kind):
    module = rule_types()[kind]
    assert module.__doc__
    assert module.Params.__doc__ != Schema.__doc__
    assert module.Rule.__doc__
    sentence = rule(kind, example_of(kind)["params"]).describe("USD")
    assert "  " not in sentence
    assert not sentence.endswith(".")
    assert not sentence[0].isupper()


@pytest.mark.parametrize("kind", KINDS)
def test_no_credits_earn_nothing(kind):
    asked = rule(kind, example_of(kind)["params"])
    if isinstance(asked, ByPeriod):
        return
    told = earn(kind, example_of(kind)["params"], [], quota="100")
    assert told.amounts == []
    assert told.steps == []


@pytest.mark.parametrize("kind", ["flat_rate", "per_unit", "spif", "unit_tiers", "milestone"])
def test_slices_give_what_the_line_gives(kind):
    example = example_of(kind)
    attributes = example.get("attributes")
    told = earn(kind, example["params"], example["values"], attributes=attributes)
    steps = [slices_of(step, told.scale) for step in told.steps]
    assert [paid_by(told.rows, slices) for slices in steps] == [
        Fraction(text) for text in example["earns"]
    ]
