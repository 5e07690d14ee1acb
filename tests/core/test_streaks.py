"""Weeks in a row."""

from datetime import date

import pytest

from incentives.core.streaks import longest_run, weeks_in_a_row

W1, W2, W3, W4 = (date(2026, 10, day) for day in (5, 12, 19, 26))


@pytest.mark.parametrize(
    ("won", "this_week", "count"),
    [
        ({W1, W2, W3}, W3, 3),
        ({W1, W2}, W3, 2),  # this week is not missed before it ends
        ({W1}, W3, 0),  # last week was missed
        ({W1, W3}, W3, 1),
        (set(), W3, 0),
    ],
)
def test_a_streak_runs_up_to_this_week(won, this_week, count):
    assert weeks_in_a_row(won, this_week) == count


def test_the_longest_run_may_be_an_older_one():
    assert longest_run({W1, W2, W4}) == 2
    assert longest_run(set()) == 0
