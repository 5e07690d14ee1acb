"""Bonuses for a result."""

import pytest

from tests.core.rules.asking import due, paid_by

KIND = "bonus"
TWO = [{"at_least": "80", "amount": "500"}, {"at_least": "100", "amount": "1200"}]


@pytest.mark.parametrize(
    ("pays", "sold", "gives"),
    [
        ("highest", "79", 0),
        ("highest", "80", 500),
        ("highest", "100", 1200),
        ("each", "99", 500),
        ("each", "100", 1700),
        ("each", "-3", 0),
    ],
)
def test_the_highest_or_each(pays, sold, gives):
    told = due(KIND, {"by": "amount", "bonuses": TWO, "pays": pays}, sold)
    assert told.amount == gives
    assert paid_by(told.rows, told.slices) == gives


@pytest.mark.parametrize(("at_bound", "gives"), [("upper", 1200), ("lower", 500)])
def test_on_the_bound_the_plan_decides(at_bound, gives):
    assert due(KIND, {"by": "amount", "bonuses": TWO}, "100", at_bound=at_bound).amount == gives
