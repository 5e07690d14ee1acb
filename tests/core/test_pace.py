"""How much of a period's working days have begun, and where that leads."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from incentives.core.calendar import Calendar
from incentives.core.pace import finish, pace, working_days, working_days_left

QUARTER = Calendar(ZoneInfo("UTC")).period_named("2026-Q4")


@pytest.mark.parametrize(
    ("first", "end", "days"),
    [
        (date(2026, 11, 16), date(2026, 11, 23), 5),  # Monday to Sunday
        (date(2026, 11, 21), date(2026, 11, 23), 0),  # a weekend
        (date(2026, 11, 20), date(2026, 11, 24), 2),  # Friday and Monday
        (date(2026, 11, 20), date(2026, 11, 20), 0),
        (date(2026, 10, 1), date(2027, 1, 1), 66),  # 22 + 21 + 23
    ],
)
def test_working_days_are_mondays_to_fridays(first, end, days):
    assert working_days(first, end) == days


def test_pace_is_the_share_of_working_days_that_have_begun():
    # 22 days of October and 11 of November up to Monday the 16th: 33 of 66
    assert pace(QUARTER, date(2026, 11, 16)) == Decimal("0.5")
    assert pace(QUARTER, date(2026, 11, 15)) == pace(QUARTER, date(2026, 11, 13))


def test_pace_begins_with_nothing_and_ends_with_all():
    assert pace(QUARTER, date(2026, 9, 30)) == 0
    assert pace(QUARTER, date(2026, 12, 31)) == 1
    assert pace(QUARTER, date(2027, 2, 1)) == 1


def test_days_begun_and_days_left_are_the_whole():
    for day in (date(2026, 10, 1), date(2026, 11, 21), date(2026, 12, 31)):
        begun = working_days(QUARTER.first_day, day) + (day.weekday() < 5)
        assert begun + working_days_left(QUARTER, day) == 66


def test_half_a_quota_in_half_the_days_ends_at_the_quota():
    assert finish(Decimal("0.5"), Decimal("0.5")) == 1
    assert finish(Decimal("0.5"), Decimal(0)) is None
