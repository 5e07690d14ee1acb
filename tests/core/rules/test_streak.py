"""Streaks: runs over days off, freezes, weeks and months."""

import pytest

from tests.core.rules.asking import earn, earned

KIND = "streak"
# October 2026: the 1st is a Thursday.
THURSDAY, FRIDAY, SATURDAY, MONDAY, TUESDAY, WEDNESDAY = (
    f"2026-10-{day:02}" for day in (1, 2, 3, 5, 6, 7)
)


def working(day):
    return day.weekday() < 5


def run_of(*days, length=3, **params):
    """How long the run is after a hit on each of the days, and what each of them is awarded."""
    terms = {"days": days, "is_working_day": working}
    told = earn(KIND, {"at_least": "1", "length": length, **params}, ["1"] * len(days), **terms)
    return [int(step.removeprefix("1:")) for step in told.steps], told.amounts


def test_a_streak_goes_on_over_the_weekend():
    assert run_of(THURSDAY, FRIDAY, MONDAY) == ([1, 2, 3], [0, 0, 1])


def test_a_hit_on_a_day_off_adds_nothing():
    assert run_of(THURSDAY, FRIDAY, SATURDAY, MONDAY) == ([1, 2, 2, 3], [0, 0, 0, 1])


def test_a_missed_working_day_breaks_it():
    assert run_of(THURSDAY, FRIDAY, MONDAY, WEDNESDAY)[0] == [1, 2, 3, 1]


def test_a_freeze_saves_it_once_and_adds_nothing():
    friday = "2026-10-09"
    assert run_of(THURSDAY, FRIDAY, MONDAY, WEDNESDAY, freezes=1)[0] == [1, 2, 3, 4]
    assert run_of(MONDAY, WEDNESDAY, friday, freezes=1)[0] == [1, 2, 1]


def test_a_freeze_is_kept_while_nothing_runs():
    # Half a hit on Thursday starts no run, so the freeze is still there for the missed Tuesday.
    params = {"at_least": "1", "length": 2, "freezes": 1}
    days = [THURSDAY, MONDAY, WEDNESDAY]
    terms = {"days": days, "is_working_day": working}
    assert earned(KIND, params, ["0.5", "1", "1"], **terms) == [0, 0, 1]


def test_two_hits_on_a_day_are_one():
    assert run_of(THURSDAY, THURSDAY, FRIDAY)[0] == [1, 1, 2]


@pytest.mark.parametrize(("award", "given"), [("once_per_period", 1), ("unlimited", 2)])
def test_once_or_with_each_further_run_of_the_length(award, given):
    days = [THURSDAY, FRIDAY, MONDAY, TUESDAY]
    assert sum(run_of(*days, length=2, award=award)[1]) == given


def test_weeks_are_calendar_weeks_and_need_their_number_within_them():
    params = {"at_least": "2", "length": 2, "every": "week"}
    days = [THURSDAY, FRIDAY, MONDAY, "2026-10-11"]
    assert earned(KIND, params, ["1"] * 4, days=days) == [0, 0, 0, 1]


def test_a_week_without_a_working_day_is_not_missed():
    def off(day):
        return day.isocalendar().week != 42 and working(day)

    params = {"at_least": "1", "length": 2, "every": "week"}
    days = [MONDAY, "2026-10-19"]  # weeks 41 and 43
    assert earned(KIND, params, ["1"] * 2, days=days, is_working_day=off) == [0, 1]
    assert earned(KIND, params, ["1"] * 2, days=days, is_working_day=working) == [0, 0]


def test_months_in_a_row_over_the_turn_of_the_year():
    params = {"at_least": "1", "length": 3, "every": "month", "amount": 50}
    days = ["2026-11-30", "2026-12-01", "2027-01-31"]
    assert earned(KIND, params, ["1"] * 3, days=days) == [0, 0, 50]


def test_a_day_that_falls_back_takes_the_streak_with_it():
    days = [THURSDAY, FRIDAY, FRIDAY, FRIDAY]
    values = ["1", "1", "-1", "1"]
    assert earned(KIND, {"at_least": "1", "length": 2}, values, days=days) == [0, 1, -1, 1]


def test_what_came_before_the_run_counts_and_is_not_paid_again():
    terms = {"earlier": [(THURSDAY, "1"), (FRIDAY, "1")], "is_working_day": working}
    assert earned(KIND, {"at_least": "1", "length": 3}, ["1"], days=[MONDAY], **terms) == [1]
    assert earned(KIND, {"at_least": "1", "length": 2}, ["1"], days=[MONDAY], **terms) == [0]


def test_at_the_lower_bound_the_number_must_be_passed():
    params = {"at_least": "1", "length": 1}
    assert earned(KIND, params, ["1"], days=[MONDAY], at_bound="lower") == [0]
