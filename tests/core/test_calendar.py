"""Semantics 3: periods are half-open, and every day and instant is in exactly one of each kind."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incentives.core.calendar import PERIOD_KINDS, Calendar
from incentives.core.fiscal_years import NAMED_AFTER, WEEKS_PATTERNS, YEAR_END_RULES

CHICAGO = Calendar(ZoneInfo("America/Chicago"))
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
ZONES = st.sampled_from(
    ["UTC", "America/Chicago", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"]
).map(ZoneInfo)
CALENDARS = st.builds(
    Calendar,
    ZONES,
    fiscal_start_month=st.integers(1, 12),
    year_named_after=st.sampled_from(NAMED_AFTER),
    weeks_pattern=st.sampled_from((None, *WEEKS_PATTERNS)),
    year_ends_on=st.integers(0, 6),
    year_end_rule=st.sampled_from(YEAR_END_RULES),
)
RETAIL = CALENDARS.filter(lambda calendar: calendar.weeks_pattern)

# The calendar of the National Retail Federation: 52 or 53 weeks to the Saturday nearest the end
# of January, in quarters of 4, 5 and 4 weeks.
NRF = Calendar(ZoneInfo("America/New_York"), 2, weeks_pattern="4-5-4")

# Fiscal years to the last Saturday of September, named after the year in which they end.
TO_SEPTEMBER = Calendar(ZoneInfo("UTC"), 10, "end", weeks_pattern="4-4-5", year_end_rule="last")


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


@given(CALENDARS, DAYS)
def test_months_make_quarters_and_quarters_make_years(calendar, day):
    year = calendar.period_of(day, "year")
    quarters = calendar.parts(year, "quarter")
    assert [quarter.key for quarter in quarters] == [f"{year.key}-Q{n}" for n in (1, 2, 3, 4)]
    for whole, parts in [(year, quarters), *((q, calendar.parts(q, "month")) for q in quarters)]:
        assert [part.first_day for part in parts] == [
            whole.first_day,
            *(part.end_day for part in parts[:-1]),
        ]
        assert parts[-1].end_day == whole.end_day
    months = calendar.parts(year, "month")
    assert [calendar.month_number(month) for month in months] == list(range(1, 13))


@given(CALENDARS, DAYS)
def test_every_week_has_seven_days(calendar, day):
    assert calendar.period_of(day, "week").days == 7


@given(RETAIL, DAYS)
def test_retail_years_have_52_or_53_weeks_and_only_the_last_period_is_longer(calendar, day):
    year = calendar.period_of(day, "year")
    weeks = [month.days // 7 for month in calendar.parts(year, "month")]
    pattern = [int(each) for each in calendar.weeks_pattern.split("-")]
    assert weeks[:11] == (pattern * 4)[:11]
    assert weeks[11] - pattern[2] in (0, 1)
    assert year.days == 7 * sum(weeks)
    assert year.last_day.weekday() == calendar.year_ends_on
    assert [week.key[-3:] for week in calendar.parts(year, "week")] == [
        f"W{n:02}" for n in range(1, sum(weeks) + 1)
    ]


@given(RETAIL, DAYS)
def test_a_retail_year_ends_within_a_week_of_its_month(calendar, day):
    end = calendar.period_of(day, "year").end_day
    months = [date(end.year + n, calendar.fiscal_start_month, 1) for n in (-1, 0, 1)]
    away = min(((end - month).days for month in months), key=abs)
    assert -7 < away <= 0 if calendar.year_end_rule == "last" else -3 <= away <= 3


@given(CALENDARS, st.lists(DAYS, min_size=2, unique=True), st.sampled_from(PERIOD_KINDS))
def test_keys_of_one_kind_sort_as_their_periods_do(calendar, days, kind):
    periods = {calendar.period_of(day, kind) for day in days}
    assert sorted(periods, key=lambda p: p.key) == sorted(periods, key=lambda p: p.first_day)


@given(CALENDARS, DAYS, st.integers(0, 86_399_999_999))
def test_every_instant_is_in_the_span_of_its_day(calendar, day, microseconds):
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    instant = midnight + timedelta(microseconds=microseconds)
    start, end = calendar.span(calendar.period_of(calendar.day_of(instant), "day"))
    assert start <= instant < end


@settings(deadline=None)  # the first time the days of all these years are laid out
@given(
    CALENDARS,
    st.lists(st.integers(0, 4 * 10**15)).map(sorted),  # up to the year 2096
)
def test_many_days_at_once_are_the_days_one_by_one(calendar, micros):
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    instants = [epoch + timedelta(microseconds=each) for each in micros]
    assert calendar.days_of(micros) == [calendar.day_of(instant) for instant in instants]


@given(CALENDARS, st.dates(date(1970, 1, 2), date(2100, 1, 1)))
def test_a_day_begins_at_its_first_microsecond(calendar, day):
    start = calendar.micros_at(day)
    first_day, the_day = calendar.days_of([start - 1, start])
    assert first_day < day <= the_day
    assert calendar.start_of(day) == datetime.fromtimestamp(start // 10**6, UTC)


def test_a_day_that_has_begun_does_not_end_again():
    """St John's once put its clocks back from 00:01 to 23:01, at 02:31 UTC on 2 November 2008."""
    calendar = Calendar(ZoneInfo("America/St_Johns"))
    at = [datetime(2008, 11, 2, 2, minute, tzinfo=UTC) for minute in (29, 30, 31, 59)]
    days = [calendar.day_of(instant).day for instant in at]
    assert days == [1, 2, 2, 2]
    assert [day.day for day in calendar.days_of([int(i.timestamp() * 10**6) for i in at])] == days


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


def test_a_fiscal_year_bears_the_name_of_the_year_it_ends_in_if_so_set():
    calendar = Calendar(ZoneInfo("UTC"), 4, "end")
    assert calendar.period_of(date(2026, 3, 31), "year").key == "2026"
    assert calendar.period_of(date(2026, 4, 1), "quarter").key == "2027-Q1"
    assert Calendar(ZoneInfo("UTC"), 1, "end").period_of(date(2026, 3, 31), "year").key == "2026"


@pytest.mark.parametrize(
    ("year", "first_day", "last_day", "weeks"),
    [
        ("2012", date(2012, 1, 29), date(2013, 2, 2), 53),
        ("2017", date(2017, 1, 29), date(2018, 2, 3), 53),
        ("2022", date(2022, 1, 30), date(2023, 1, 28), 52),
        ("2023", date(2023, 1, 29), date(2024, 2, 3), 53),
        ("2024", date(2024, 2, 4), date(2025, 2, 1), 52),
        ("2025", date(2025, 2, 2), date(2026, 1, 31), 52),
    ],
)
def test_the_years_of_american_retail(year, first_day, last_day, weeks):
    period = NRF.period_named(year)
    assert (period.first_day, period.last_day, period.days) == (first_day, last_day, 7 * weeks)


def test_the_periods_of_retail_year_2023_and_its_53rd_week():
    months = NRF.parts(NRF.period_named("2023"), "month")
    assert [month.days // 7 for month in months] == [4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 5]
    first, last = months[0], months[-1]
    assert (first.key, first.last_day) == ("2023-P01", date(2023, 2, 25))
    assert (last.key, last.first_day) == ("2023-P12", date(2023, 12, 31))
    assert NRF.period_of(date(2024, 2, 3), "week").key == "2023-W53"
    assert NRF.period_of(date(2024, 2, 4), "week").key == "2024-W01"


@pytest.mark.parametrize(
    ("year", "first_day", "last_day"),
    [
        ("2022", date(2021, 9, 26), date(2022, 9, 24)),
        ("2023", date(2022, 9, 25), date(2023, 9, 30)),  # 53 weeks
        ("2024", date(2023, 10, 1), date(2024, 9, 28)),
    ],
)
def test_years_to_the_last_saturday_of_september(year, first_day, last_day):
    period = TO_SEPTEMBER.period_named(year)
    assert (period.first_day, period.last_day) == (first_day, last_day)


@pytest.mark.parametrize("key", ["2023-11", "2024-W53", "2023-W54", "2023-P13", "2023-P00"])
def test_a_key_that_names_nothing_in_a_retail_calendar(key):
    assert NRF.period_named(key) is None


def test_a_week_from_monday_5_january_2026_ends_before_monday_12_january():
    week = CHICAGO.period_of(date(2026, 1, 7), "week")
    assert (week.first_day, week.end_day, week.key) == (
        date(2026, 1, 5),
        date(2026, 1, 12),
        "2026-W02",
    )


@pytest.mark.parametrize(
    "key",
    [
        "2026-13",
        "2026-Q5",
        "2026-W54",
        "soon",
        "2026-P01",
        "2026-02-30",
        "2026-11-00",
        "2026-00",
        "2026-W00",
        "2025-W53",
        "",
    ],
)
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
