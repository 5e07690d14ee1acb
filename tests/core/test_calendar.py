"""Semantics 3: periods are half-open, and every day and instant is in exactly one of each kind."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.calendar import PERIOD_KINDS, Calendar

CHICAGO = Calendar(ZoneInfo("America/Chicago"))
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
CALENDARS = st.builds(
    Calendar,
    st.sampled_from(["UTC", "America/Chicago", "Australia/Lord_Howe", "Pacific/Apia"]).map(
        ZoneInfo
    ),
    st.integers(1, 12),
)


@given(CALENDARS, DAYS, st.sampled_from(PERIOD_KINDS))
def test_each_day_is_in_one_period_and_in_neither_of_its_neighbours(calendar, day, kind):
    period = calendar.period_of(day, kind)
    assert day in period
    assert day not in calendar.before(period)
    assert day not in calendar.after(period)
    assert calendar.before(period).end_day == period.first_day
    assert calendar.after(period).first_day == period.end_day


@given(CALENDARS, DAYS, st.sampled_from(PERIOD_KINDS))
def test_a_key_names_its_period(calendar, day, kind):
    period = calendar.period_of(day, kind)
    assert calendar.period_named(period.key) == period


@given(CALENDARS, DAYS, st.integers(0, 86_399_999_999))
def test_every_instant_is_in_the_span_of_its_day(calendar, day, microseconds):
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    instant = midnight + timedelta(microseconds=microseconds)
    start, end = calendar.span(calendar.period_of(calendar.day_of(instant), "day"))
    assert start <= instant < end


def test_the_days_of_a_clock_change_have_23_and_25_hours():
    for day, hours in [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 6, 1), 24)]:
        start, end = CHICAGO.span(CHICAGO.period_of(day, "day"))
        assert end - start == timedelta(hours=hours)


def test_a_day_that_samoa_never_had_is_empty():
    calendar = Calendar(ZoneInfo("Pacific/Apia"))
    start, end = calendar.span(calendar.period_of(date(2011, 12, 30), "day"))
    assert end <= start + timedelta(hours=24)
    assert calendar.day_of(datetime(2011, 12, 30, 12, tzinfo=UTC)) == date(2011, 12, 31)


def test_a_fiscal_year_bears_the_name_of_the_year_it_starts_in():
    calendar = Calendar(ZoneInfo("UTC"), fiscal_start_month=4)
    assert calendar.period_of(date(2026, 3, 31), "year").key == "2025"
    assert calendar.period_of(date(2026, 3, 31), "quarter").key == "2025-Q4"
    assert calendar.period_of(date(2026, 4, 1), "quarter").key == "2026-Q1"


def test_a_week_from_monday_5_january_2026_ends_before_monday_12_january():
    week = CHICAGO.period_of(date(2026, 1, 7), "week")
    assert (week.first_day, week.end_day, week.key) == (
        date(2026, 1, 5),
        date(2026, 1, 12),
        "2026-W02",
    )


@pytest.mark.parametrize("key", ["2026-13", "2026-Q5", "2026-W54", "soon", "2026-02-30", ""])
def test_a_key_that_names_nothing(key):
    assert CHICAGO.period_named(key) is None


def test_a_quarter_has_three_months_and_fourteen_weeks_that_touch_it():
    quarter = CHICAGO.period_of(date(2026, 11, 22), "quarter")
    assert [month.key for month in CHICAGO.parts(quarter, "month")] == [
        "2026-10",
        "2026-11",
        "2026-12",
    ]
    assert len(CHICAGO.parts(quarter, "week")) == 14


@pytest.mark.parametrize(
    "key", ["9999-12-31", "9999-W52", "9998-12", "2200-01", "1969-12", "0001-W01", "0000"]
)
def test_a_period_in_which_nothing_can_happen_is_none(key):
    """Activities lie from 1970 to 2199; beyond the calendar's ends there is no next period."""
    assert CHICAGO.period_named(key) is None
