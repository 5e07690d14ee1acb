"""How much of a period's working days have begun, and where that leads."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.calendar import Calendar, Period
from incentives.core.pace import finish, pace
from incentives.core.working_days import is_working_day, working_days, working_days_left

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


# Thanksgiving and the day after it; Saturday the 28th is a weekend anyway.
OFF = frozenset({date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 28)})


def test_days_off_are_no_working_days():
    assert not is_working_day(date(2026, 11, 26), holidays=OFF)
    assert not is_working_day(date(2026, 11, 26), leave=OFF)
    assert is_working_day(date(2026, 11, 25), OFF)
    assert working_days(QUARTER.first_day, QUARTER.end_day, OFF) == 66 - 2
    assert working_days_left(QUARTER, date(2026, 11, 25), OFF) == 1 + 23  # the 30th, December
    assert working_days_left(QUARTER, date(2026, 11, 25)) == 3 + 23


def test_pace_waits_on_days_off():
    before, after = date(2026, 11, 25), date(2026, 11, 29)
    assert pace(QUARTER, before, OFF) == pace(QUARTER, after, OFF) == Decimal(22 + 18) / 64
    assert pace(QUARTER, date(2026, 12, 31), OFF) == 1


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 60),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31))),
)
def test_working_days_are_those_counted_one_by_one(first, days, off):
    counted = sum(is_working_day(first + timedelta(days=n), off) for n in range(days))
    assert working_days(first, first + timedelta(days=days), off) == counted


def test_a_period_without_a_working_day_expects_nothing():
    weekend = Period("week", "w", date(2026, 11, 21), date(2026, 11, 23))
    assert pace(weekend, date(2026, 11, 22)) == 0


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
