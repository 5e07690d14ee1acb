"""Short-term extras."""

import pytest
from marshmallow import ValidationError

from incentives.core.rules import spif
from tests.core.rules.asking import earned, rule


def test_an_amount_for_each_unit_or_a_rate():
    assert earned("spif", {"amount": "50"}, ["1", "0.25", "-1"]) == [50, 12.5, -50]
    assert earned("spif", {"rate": "0.02"}, ["1000"]) == [20]


@pytest.mark.parametrize("params", [{}, {"amount": "1", "rate": "0.1"}])
def test_it_is_one_of_the_two(params):
    with pytest.raises(ValidationError, match="one of them"):
        spif.Params().load(params)


def test_the_sentence_names_the_budget():
    params = {"amount": "50", "budget": "10000", "budget_for": "everyone"}
    assert rule("spif", params).describe("USD") == (
        "50 USD for each, until 10,000 USD for everyone together is used up"
    )
