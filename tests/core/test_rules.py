"""What every rule type keeps to: a true example, a sentence, slices that explain the amount."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema

from incentives.core.registry import rule_types
from incentives.core.rules import ByActivity, ByPeriod, Flow
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


BY_ACTIVITY = [
    kind for kind in KINDS if isinstance(rule(kind, example_of(kind)["params"]), ByActivity)
]
UNLIMITED_BADGE = {"at_least": "3", "award": "unlimited"}


@pytest.mark.parametrize("at_bound", ["upper", "lower"])
@pytest.mark.parametrize(
    ("kind", "params"),
    [*((kind, example_of(kind)["params"]) for kind in BY_ACTIVITY), ("badge", UNLIMITED_BADGE)],
)
@given(values=st.lists(st.integers(-12_000, 12_000), min_size=1, max_size=6))
def test_credits_that_are_each_a_span_of_their_own_earn_what_each_earns_alone(
    kind, params, at_bound, values
):
    asked = rule(kind, params, at_bound=at_bound)
    days = [date(2026, 11, 18)] * len(values)
    flow = Flow(values, values, 0, 100, Fraction(50), days=days, attributes=[{}] * len(values))
    together = asked.earn_alone(flow)
    one_by_one = [
        asked.earn(Flow([value], [value], 0, 100, Fraction(50), days=days[:1], attributes=[{}]))
        for value in values
    ]
    assert [Fraction(amount, together.per) for amount in together.amounts] == [
        Fraction(each.amounts[0], each.per) for each in one_by_one
    ]
    assert together.steps == [each.steps[0] for each in one_by_one]
    assert all((together.rows, together.scale) == (each.rows, each.scale) for each in one_by_one)


@pytest.mark.parametrize("kind", ["flat_rate", "per_unit", "spif", "unit_tiers", "milestone"])
def test_slices_give_what_the_line_gives(kind):
    example = example_of(kind)
    attributes = example.get("attributes")
    told = earn(kind, example["params"], example["values"], attributes=attributes)
    steps = [slices_of(step, told.scale) for step in told.steps]
    assert [paid_by(told.rows, slices) for slices in steps] == [
        Fraction(text) for text in example["earns"]
    ]
