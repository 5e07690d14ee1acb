"""Exchange rates: each holds from its day until the next, and what is not there is missing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.exchange import ExchangeRates, Rate

NOVEMBER = date(2026, 11, 1)
RATES = ExchangeRates(
    [
        Rate("EUR", "USD", date(2026, 11, 10), Decimal("1.20")),
        Rate("EUR", "USD", NOVEMBER, Decimal("1.10")),
    ]
)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2026, 10, 31), None),
        (NOVEMBER, Decimal("1.10")),
        (date(2026, 11, 9), Decimal("1.10")),
        (date(2026, 11, 10), Decimal("1.20")),
        (date(2030, 1, 1), Decimal("1.20")),
    ],
)
def test_a_rate_holds_from_its_day_until_the_next(day, rate):
    assert RATES.worth("EUR", "USD", day) == rate


def test_a_missing_rate_is_never_1_and_nothing_is_inverted():
    assert RATES.worth("USD", "EUR", NOVEMBER) is None
    assert RATES.worth("GBP", "USD", NOVEMBER) is None
    assert RATES.worth(None, "USD", NOVEMBER) is None
    assert RATES.worth("USD", "USD", NOVEMBER) == 1


@given(days=st.sets(st.integers(0, 400), min_size=1), asked=st.integers(0, 400))
def test_the_rate_of_a_day_is_the_latest_that_has_begun(days, asked):
    rates = ExchangeRates(
        Rate("EUR", "USD", NOVEMBER + timedelta(days=day), Decimal(day + 1)) for day in days
    )
    begun = [Decimal(day + 1) for day in days if day <= asked]
    found = rates.worth("EUR", "USD", NOVEMBER + timedelta(days=asked))
    assert found == max(begun, default=None)
