"""Milestones: paid once, to the activity that reaches them, and given back with it."""

import pytest
from marshmallow import ValidationError

from incentives.core.rules import milestone
from tests.core.rules.asking import earn, earned

KIND = "milestone"


def table(*rows, by="amount"):
    rows = [{"name": f"M{at}", "at_least": at, "amount": amount} for at, amount in rows]
    return {"by": by, "milestones": rows}


TWO = table(("10", "100"), ("20", "250.50"))


def test_one_activity_may_reach_several():
    told = earn(KIND, TWO, ["25", "1"])
    assert told.steps == ["1:1,2:1", ""]
    assert earned(KIND, TWO, ["25", "1"]) == [350.5, 0]


def test_what_falls_back_gives_it_back_and_may_reach_it_again():
    assert earned(KIND, TWO, ["15", "-6", "1"]) == [100, -100, 100]


def test_a_milestone_of_an_earlier_run_is_not_paid_again():
    assert earned(KIND, TWO, ["5"], start="12", held=1) == [0]


@pytest.mark.parametrize(("at_bound", "gives"), [("upper", [100, 0]), ("lower", [0, 100])])
def test_on_the_bound_the_plan_decides(at_bound, gives):
    assert earned(KIND, TWO, ["10", "0.01"], at_bound=at_bound) == gives


def test_by_attainment_of_a_quota_that_is_no_round_number():
    assert earned(KIND, table(("1", "7"), by="attainment"), ["33.33", "0.01"], quota="33.34") == [
        0,
        7,
    ]


def test_milestones_ascend():
    with pytest.raises(ValidationError, match="Row 2 must be above 10"):
        milestone.Params().load(table(("10", "1"), ("9", "2")))
