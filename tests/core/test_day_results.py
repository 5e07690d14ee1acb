"""Day results: in the company's currency, without overlays, as exact as they are kept."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.activity import WON, Credit
from incentives.core.calendar import Calendar
from incentives.core.columns import as_micros, columns_of
from incentives.core.day_results import KEPT, days_around, month_of, roll_up
from incentives.core.exchange import NO_RATES, ExchangeRates, Rate

CALENDAR = Calendar(ZoneInfo("UTC"))
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
RATES = ExchangeRates([Rate("EUR", "USD", date(2026, 11, 1), Decimal("1.0834"))])


def deal(amount, currency="USD", **more):
    return Credit(
        1, "crm", "D1", WON, NOON, NOON, Decimal(amount), currency, Decimal(1), {}, **more
    )


def rolled(credits, rates=RATES):
    days = roll_up(columns_of(credits, CALENDAR), [], CALENDAR, "USD", rates)
    return {measure: Decimal(value) / KEPT for (measure, _), (value, _) in days.items()}


def test_a_foreign_amount_counts_at_the_rate_of_its_day():
    found = rolled([deal("100"), deal("50.05", "EUR")])
    # 50.05 × 1.0834 = 54.22417
    assert found["revenue"] == Decimal("154.22417")
    assert found["deals_won"] == 2


def test_without_a_rate_the_deal_counts_and_its_amount_waits():
    found = rolled([deal("50", "EUR")], NO_RATES)
    assert found == {"deals_won": 1, "deals_closed": 1}


def test_an_overlay_is_left_out():
    found = rolled([deal("50"), deal("20", overlay=True)])
    assert (found["revenue"], found["deals_won"]) == (50, 1)


@given(st.lists(st.decimals(-(10**9), 10**9, places=2), max_size=20))
def test_a_day_is_the_sum_of_its_deals(amounts):
    found = rolled([deal(amount) for amount in amounts])
    assert found.get("revenue", 0) == sum(amounts)


def test_the_tie_clock_stands_at_the_last_growth_of_the_day():
    later = NOON + timedelta(hours=1)
    grown = deal("10")
    shrunk = replace(deal("-5"), activity_id=2, occurred_at=later)
    days = roll_up(columns_of([grown, shrunk], CALENDAR), [], CALENDAR, "USD", RATES)
    assert days["revenue", date(2026, 11, 10)] == (5 * KEPT, as_micros(NOON))


@pytest.mark.parametrize(
    ("months", "first", "end"),
    [
        (["2026-02"], date(2026, 2, 1), date(2026, 3, 1)),
        (["2026-12"], date(2026, 12, 1), date(2027, 1, 1)),
        (["2026-06", "2025-10"], date(2025, 10, 1), date(2026, 7, 1)),
        (None, date.min, date.max),
    ],
)
def test_the_days_around_months(months, first, end):
    assert days_around(months) == (first, end)


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)))
def test_a_day_lies_in_its_month(day):
    first, end = days_around([month_of(day)])
    assert first <= day < end
    assert month_of(first) == month_of(end - timedelta(days=1)) == month_of(day)
