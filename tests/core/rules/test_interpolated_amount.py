"""Amounts between points."""

import pytest

from tests.core.rules.asking import due

KIND = "interpolated_amount"
BY_AMOUNT = {
    "by": "amount",
    "points": [{"at": "100", "amount": "10"}, {"at": "200", "amount": "40"}],
}


@pytest.mark.parametrize(
    ("sold", "gives"), [("99", 0), ("100", 10), ("150", 25), ("200", 40), ("900", 40), ("-5", 0)]
)
def test_the_amount_runs_straight_between_the_points(sold, gives):
    assert due(KIND, BY_AMOUNT, sold).amount == gives


def test_by_attainment():
    curve = {
        "by": "attainment",
        "points": [{"at": "0", "amount": "0"}, {"at": "1", "amount": "60"}],
    }
    assert due(KIND, curve, "10", quota="30").amount == 20
