"""Semantics 6 to 8: one rounding, half up away from zero; parts that sum to the whole."""

from decimal import Decimal

import pytest
from babel.numbers import list_currencies
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.money import Money, divide, from_minor, minor_digits, to_minor, whole
from incentives.verify import exactly


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("2.344", "USD", 234),
        ("2.345", "USD", 235),
        ("-2.345", "USD", -235),
        ("0.005", "USD", 1),
        ("1188.5", "JPY", 1189),
        ("1.2345", "KWD", 1235),
        ("1000000000000000.005", "USD", 100000000000000001),
    ],
)
def test_amounts_round_half_up_away_from_zero(amount, currency, minor):
    assert to_minor(Decimal(amount), currency) == minor


ISO_4217 = {
    "JPY": 0,
    "KRW": 0,
    "CLP": 0,
    "XOF": 0,
    "USD": 2,
    "EUR": 2,
    "CHF": 2,
    "MRU": 2,
    "SLE": 2,
}
ISO_4217 |= {"KWD": 3, "BHD": 3, "TND": 3, "JOD": 3, "OMR": 3, "LYD": 3, "CLF": 4, "UYW": 4}
# Of these the coins are gone, but not the decimals.
ISO_4217 |= {"RSD": 2, "ALL": 2, "MMK": 2, "LBP": 2, "IRR": 2, "SOS": 2, "AFN": 2, "IQD": 3}


@pytest.mark.parametrize(("currency", "digits"), ISO_4217.items())
def test_a_currency_has_the_decimals_of_iso_4217(currency, digits):
    assert minor_digits(currency) == digits
    assert exactly.minor_digits(currency) == digits


def test_the_engine_and_its_checker_know_the_same_decimals():
    codes = list_currencies()
    assert [c for c in codes if minor_digits(c) != exactly.minor_digits(c)] == []


def test_points_round_once_too():
    assert whole(Decimal("0.5")) == 1
    assert whole(Decimal("-0.5")) == -1


@given(st.integers(-(10**15), 10**15), st.sampled_from(["USD", "JPY", "KWD"]))
def test_minor_units_survive_the_way_there_and_back(minor, currency):
    assert to_minor(from_minor(minor, currency), currency) == minor


def test_100_00_in_three_is_33_34_33_33_33_33():
    assert divide(10000, [Decimal(1)] * 3) == [3334, 3333, 3333]


def test_a_negative_amount_divides_as_the_mirror():
    assert divide(-10000, [Decimal(1)] * 3) == [-3334, -3333, -3333]


def test_shares_that_floats_get_wrong():
    weights = [Decimal(text) for text in ("72.68", "10.93", "2.73", "13.66")]
    assert divide(100000, weights) == [72680, 10930, 2730, 13660]


WEIGHTS = st.lists(st.decimals("0.01", "100", places=2), min_size=1, max_size=12)


@given(st.integers(-(10**12), 10**12), WEIGHTS)
def test_parts_sum_to_the_whole(total, weights):
    assert sum(divide(total, weights)) == total


@given(st.integers(0, 10**12), WEIGHTS)
def test_no_part_is_further_than_one_unit_from_its_exact_share(total, weights):
    for part, weight in zip(divide(total, weights), weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1


def test_two_currencies_never_meet():
    with pytest.raises(AssertionError):
        Money(1, "USD") + Money(1, "EUR")
