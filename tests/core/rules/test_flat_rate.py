"""One rate on everything, exactly."""

from fractions import Fraction

from tests.core.rules.asking import earned


def test_the_rate_pays_on_every_credit_also_on_one_taken_off():
    assert earned("flat_rate", {"rate": "0.075"}, ["100", "-40"]) == [Fraction("7.5"), -3]
