"""Semantics 15 and 17: what a quota is set for, divided by and lowered by."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from incentives.core.calendar import ALWAYS, Calendar
from incentives.core.quota_terms import describe_quota_terms
from incentives.core.quotas import BEGUN, WHOLE, QuotaTerms, QuotaTermsSchema, quota_for

CALENDAR = Calendar(ZoneInfo("UTC"))
RETAIL = Calendar(ZoneInfo("UTC"), 2, weeks_pattern="4-5-4")
MONTHS = [f"2026-{month:02}" for month in range(1, 13)]

# Per cent of the year, January to December: 20 in the first quarter, 50 in the last.
SEASONS = tuple(map(Decimal, (8, 6, 6, 5, 5, 5, 5, 5, 5, 10, 15, 25)))


def quota(set_for, span, at=None, *, reads=BEGUN, calendar=CALENDAR, **more):
    """The quota for a span's key at a pay period's key, from what is set for other keys."""
    terms = {name: more[name] for name in ("seasonality", "prorate", "ramp") if name in more}
    return quota_for(
        {("revenue", key): Decimal(amount) for key, amount in set_for.items()},
        "revenue",
        calendar.period_named(span),
        calendar.period_named(at or span),
        quota_span=reads,
        terms=QuotaTerms(**terms, leave="lowers" if "leave" in more else "counts"),
        assigned=(more.get("since", ALWAYS), more.get("until")),
        leave=more.get("leave", frozenset()),
        calendar=calendar,
    )


# What is set


def test_a_spans_own_quota_comes_before_the_sum_of_its_months():
    set_for = {"2026-Q1": 100, "2026-01": 30, "2026-02": 30, "2026-03": 30}
    assert quota(set_for, "2026-Q1", reads=WHOLE) == 100
    del set_for["2026-Q1"]
    assert quota(set_for, "2026-Q1", reads=WHOLE) == 90


def test_a_year_may_be_made_of_quarters_and_months():
    set_for = {"2026-Q1": 10, "2026-Q2": 20, "2026-Q3": 30, **dict.fromkeys(MONTHS[9:], 5)}
    assert quota(set_for, "2026", reads=WHOLE) == 10 + 20 + 30 + 3 * 5


def test_a_missing_part_makes_the_whole_missing():
    assert quota({"2026-01": 30, "2026-03": 30}, "2026-Q1", reads=WHOLE) is None
    assert quota({}, "2026-Q1") is None
    assert quota({"2026-Q2": 30}, "2026-Q1") is None


def test_a_quota_of_nothing_is_set_and_not_missing():
    assert quota({"2026-Q1": 0}, "2026-Q1") == 0


def test_the_months_begun_are_summed():
    set_for = {"2026-01": 10, "2026-02": 20, "2026-03": 30}
    assert quota(set_for, "2026-Q1", "2026-01") == 10
    assert quota(set_for, "2026-Q1", "2026-02") == 10 + 20
    assert quota(set_for, "2026-Q1", "2026-02", reads=WHOLE) == 60


def test_months_that_have_not_begun_need_no_quota_yet():
    assert quota({"2026-01": 10, "2026-02": 20}, "2026-Q1", "2026-02") == 10 + 20
    assert quota({"2026-01": 10, "2026-02": 20}, "2026-Q1", "2026-03") is None


def test_a_quarters_own_quota_is_whole_from_its_first_month_on():
    assert quota({"2026-Q1": 100}, "2026-Q1", "2026-01") == 100


def test_of_quarters_in_a_year_those_begun_count():
    set_for = {f"2026-Q{n}": 10 * n for n in (1, 2, 3, 4)}
    assert quota(set_for, "2026", "2026-05") == 10 + 20
    assert quota(set_for, "2026", "2026-05", reads=WHOLE) == 100


def test_months_before_the_assignment_need_no_quota():
    set_for = {"2026-02": 20, "2026-03": 30}
    assert quota(set_for, "2026-Q1", "2026-03", since=date(2026, 2, 1)) == 20 + 30
    assert quota(set_for, "2026-Q1", "2026-03", since=date(2026, 1, 31)) is None


def test_a_week_of_two_months_gives_each_the_share_of_its_days():
    # February 2026 begins on a Sunday and ends on a Saturday: 1, 7, 7, 7 and 6 days of five weeks.
    set_for = {f"2026-W{week:02}": 70 for week in range(5, 10)}
    assert quota(set_for, "2026-02", "2026-W05") == 10
    assert quota(set_for, "2026-02", "2026-W09") == 10 + 70 + 70 + 70 + 60
    assert quota(set_for, "2026-02", reads=WHOLE) == 280


# Seasonality


def test_a_longer_quota_is_divided_by_seasonality_or_else_evenly():
    assert quota({"2026": 1200}, "2026-03") == 100
    assert quota({"2026": 1200}, "2026-Q1") == 300
    assert quota({"2026": 1200}, "2026-03", seasonality=SEASONS) == 72  # 6 %
    assert quota({"2026": 1200}, "2026-Q4", seasonality=SEASONS) == 600  # 10 + 15 + 25 %
    assert quota({"2026-Q4": 600}, "2026-12", seasonality=SEASONS) == 300  # 25 of 50


def test_the_shortest_longer_quota_is_divided():
    assert quota({"2026": 1200, "2026-Q1": 600}, "2026-03") == 200


def test_seasonality_gives_the_months_begun_of_a_years_quota():
    assert quota({"2026": 1000}, "2026", "2026-02", seasonality=SEASONS) == 80 + 60
    assert quota({"2026": 1000}, "2026", "2026-02", seasonality=SEASONS, reads=WHOLE) == 1000


def test_the_first_month_of_seasonality_is_the_first_of_the_fiscal_year():
    april = Calendar(ZoneInfo("UTC"), 4)
    assert quota({"2026": 1000}, "2026-04", seasonality=SEASONS, calendar=april) == 80
    assert quota({"2026": 1000}, "2027-03", seasonality=SEASONS, calendar=april) == 250
    assert quota({"2026": 1000}, "2026-P12", seasonality=SEASONS, calendar=RETAIL) == 250


def test_a_season_without_quota_shares_what_is_set_for_it_by_days():
    seasons = tuple(map(Decimal, [0] * 3 + [10] * 8 + [20]))
    assert quota({"2026-Q1": 90}, "2026-01", seasonality=seasons) == 31


# Ramp


def test_a_ramp_is_a_share_in_the_first_months_of_the_assignment():
    ramp = tuple(map(Decimal, ("0.25", "0.50", "0.75")))
    set_for = dict.fromkeys(MONTHS, 100)
    since = date(2026, 3, 16)
    read = [quota(set_for, month, ramp=ramp, since=since) for month in MONTHS[2:7]]
    assert read == [25, 50, 75, 100, 100]
    assert quota(set_for, "2026-Q2", "2026-06", ramp=ramp, since=since) == 50 + 75 + 100
    assert quota({"2026-Q2": 300}, "2026-Q2", ramp=ramp, since=since) == 50 + 75 + 100


def test_seasonality_comes_before_the_ramp_and_the_ramp_before_active_days():
    # 6 % of 1,000 in March, half of it in the first month, 16 of 31 days.
    assert quota(
        {"2026": 1000},
        "2026-03",
        seasonality=SEASONS,
        ramp=(Decimal("0.5"),),
        prorate="days",
        since=date(2026, 3, 16),
    ) == Fraction(1000 * 6, 100) * Fraction(1, 2) * Fraction(16, 31)


# Active months and days, leave


@pytest.mark.parametrize(
    ("prorate", "expected"),
    [
        ("none", 90),
        ("months", 60),  # February and March
        ("days", 45),  # 14 and 31 of 90 days
    ],
)
def test_a_quarter_begun_in_the_middle_of_february(prorate, expected):
    since = date(2026, 2, 15)
    assert quota({"2026-Q1": 90}, "2026-Q1", prorate=prorate, since=since) == expected


def test_an_assignment_that_ends_is_prorated_alike():
    assert quota({"2026-02": 28}, "2026-02", prorate="days", until=date(2026, 2, 11)) == 10
    assert quota({"2026-02": 28}, "2026-02", prorate="days", until=date(2026, 2, 1)) == 0
    assert quota({"2026-Q1": 90}, "2026-Q1", prorate="months", until=date(2026, 2, 2)) == 60


def test_months_with_their_own_quotas_are_prorated_each():
    set_for = {"2026-01": 10, "2026-02": 28, "2026-03": 30}
    # Nothing of January, 14 of 28 days of February, all of March.
    assert quota(set_for, "2026-Q1", "2026-03", prorate="days", since=date(2026, 2, 15)) == 14 + 30


def test_days_of_leave_lower_the_quota_only_where_the_plan_says_so():
    leave = frozenset(date(2026, 2, 1) + timedelta(days=n) for n in range(7))
    assert quota({"2026-02": 28}, "2026-02", leave=leave) == 28 - 7
    assert quota({"2026-Q1": 90}, "2026-Q1", leave=leave) == 90 - 7
    assert quota({"2026-02": 28}, "2026-02") == 28


def test_leave_before_the_assignment_is_not_taken_off_twice():
    leave = frozenset(date(2026, 2, 1) + timedelta(days=n) for n in range(21))
    # Days 15 to 28 are active; of these 15 to 21 are leave.
    assert (
        quota({"2026-02": 28}, "2026-02", prorate="days", since=date(2026, 2, 15), leave=leave) == 7
    )


# Properties


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 40), min_size=11, max_size=11).filter(lambda parts: sum(parts) <= 100),
    st.decimals(0, 10**9, places=2),
    st.sampled_from([CALENDAR, RETAIL, Calendar(ZoneInfo("UTC"), 7, "end")]),
    st.sampled_from(["week", "month", "quarter"]),
)
def test_seasonal_parts_sum_to_the_whole_year(parts, amount, calendar, kind):
    terms = {"seasonality": (*map(Decimal, parts), Decimal(100 - sum(parts)))}
    year = calendar.period_named("2026")
    spans = [p for p in calendar.parts(year, kind) if year.first_day <= p.first_day]
    if spans[-1].end_day > year.end_day or spans[0].first_day > year.first_day:
        return  # ISO weeks lie in two years
    read = [quota({"2026": amount}, span.key, calendar=calendar, **terms) for span in spans]
    assert sum(read) == Fraction(amount)


@settings(deadline=None)
@given(
    st.decimals(0, 10**6, places=2),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=40),
    st.sampled_from(["none", "months", "days"]),
    st.sampled_from(["2026", "2026-Q2", "2026-05"]),
)
def test_before_and_after_a_day_add_up(amount, day, leave, prorate, span):
    """Two assignments that meet share the quota, but where a month that both touch counts twice."""

    def read(**more):
        return quota({span: amount}, span, prorate=prorate, leave=frozenset(leave), **more)

    both, before, after = read(), read(until=day), read(since=day)
    if prorate == "days":
        assert before + after == both
    elif prorate == "none":
        assert before == after == both
    else:
        assert both <= before + after <= 2 * both
    assert 0 <= both <= Fraction(amount)


# The document


def test_terms_are_read_from_a_plan():
    terms = QuotaTermsSchema().load(
        {
            "seasonality": [format(each, "f") for each in SEASONS],
            "ramp": ["0.25"],
            "prorate": "days",
        }
    )
    assert terms == QuotaTerms(SEASONS, "days", (Decimal("0.25"),))
    assert QuotaTermsSchema().load({}) == QuotaTerms()
    assert QuotaTerms().take_quotas_as_set


@pytest.mark.parametrize(
    ("document", "field", "message"),
    [
        ({"seasonality": ["9"] * 12}, "seasonality", "The twelve months total 108 %."),
        ({"seasonality": ["50", "50"]}, "seasonality", "Write twelve numbers"),
        ({"seasonality": ["-8"] * 12}, "seasonality", "Must not be negative."),
        ({"prorate": "weeks"}, "prorate", "Write one of none, months, days."),
        ({"ramp": []}, "ramp", "Write a share of quota for each month"),
        ({"leave": "maybe"}, "leave", "Write one of counts, lowers."),
    ],
)
def test_terms_that_cannot_be_read_say_what_to_write(document, field, message):
    with pytest.raises(ValidationError) as refused:
        QuotaTermsSchema().load(document)
    assert message in str(refused.value.messages[field])


def test_terms_are_said_in_sentences():
    assert describe_quota_terms(QuotaTerms()) == []
    said = describe_quota_terms(QuotaTerms(SEASONS, "days", (Decimal("0.25"),), "lowers"))
    assert said == [
        "Of a year's quota the months have 8, 6, 6, 5, 5, 5, 5, 5, 5, 10, 15, 25 %.",
        "In the first months on the plan the quota is 25 % of it, then all.",
        "A part of a period has the share of its days on the plan.",
        "Days of leave lower the quota.",
    ]
