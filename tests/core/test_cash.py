"""Cash received on deals, and in which pay period it counts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from incentives.core.calendar import Calendar
from incentives.core.cash import Cash, CashBook, DealCash, Receipt, deal_named

CALENDAR = Calendar(ZoneInfo("UTC"))
DEAL = ("crm", "D1")


def noon(day):
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)


def cash(amount, day, *, received=None, reversed_on=None, currency="USD"):
    reversed_at = noon(reversed_on) if reversed_on else None
    return Cash(DEAL, Decimal(amount), currency, noon(day), noon(received or day), reversed_at)


@pytest.mark.parametrize(
    ("received", "share"),
    [
        ([], Fraction(0)),
        (["250"], Fraction(1, 4)),
        (["250", "750"], Fraction(1)),
        (["250", "800"], Fraction(1)),
        (["250", "-300"], Fraction(0)),
        (["333.33"], Fraction(33333, 100000)),
    ],
)
def test_the_share_is_what_came_of_the_deals_amount_and_lies_from_0_to_1(received, share):
    receipts = tuple(Receipt(date(2026, 1, 5), Decimal(text)) for text in received)
    assert DealCash(Decimal(1000), receipts).share_before(date(2026, 2, 1)) == share


def test_cash_counts_from_its_own_day_on():
    paid = DealCash(Decimal(100), (Receipt(date(2026, 1, 31), Decimal(100)),))
    assert paid.share_before(date(2026, 1, 31)) == 0
    assert paid.share_before(date(2026, 2, 1)) == 1


@pytest.mark.parametrize("amount", ["0", "-50"])
def test_a_deal_of_nothing_has_nothing_to_wait_for(amount):
    assert DealCash(Decimal(amount)).share_before(date(2026, 1, 1)) == 1


def test_the_deal_is_named_by_its_id_in_the_same_source_or_in_another():
    assert deal_named("cash_received", "crm", {"deal": "D1"}) == ("crm", "D1")
    named = deal_named("cash_received", "bank", {"deal": "D1", "deal_source": "crm"})
    assert named == ("crm", "D1")
    assert deal_named("deal_won", "crm", {"deal": "D1"}) is None


def book(**locks):
    moments = {key.replace("_", "-").strip("m"): noon(day) for key, day in locks.items()}
    return CashBook(CALENDAR, "month", moments)


def receipts(found):
    return [(each.day.isoformat(), str(each.amount)) for each in found.receipts]


def test_cash_learnt_of_after_the_lock_counts_in_the_first_open_pay_period():
    paid = [cash("60", "2026-01-20"), cash("40", "2026-01-25", received="2026-03-10")]
    found = book(m2026_01="2026-02-05", m2026_02="2026-03-05").of_deal(Decimal(100), "USD", paid)
    assert receipts(found) == [("2026-01-20", "60"), ("2026-03-01", "40")]


def test_reversed_cash_is_taken_back_where_its_pay_period_is_still_open():
    paid = [cash("60", "2026-01-20", reversed_on="2026-01-30")]
    assert receipts(book().of_deal(Decimal(100), "USD", paid)) == [
        ("2026-01-20", "60"),
        ("2026-01-20", "-60"),
    ]


def test_reversed_cash_of_a_locked_pay_period_is_taken_back_in_the_first_open_one():
    paid = [cash("60", "2026-01-20", reversed_on="2026-02-10")]
    found = book(m2026_01="2026-02-05").of_deal(Decimal(100), "USD", paid)
    assert receipts(found) == [("2026-01-20", "60"), ("2026-02-01", "-60")]


def test_cash_in_another_currency_than_the_deal_does_not_count():
    found = book().of_deal(Decimal(100), "USD", [cash("60", "2026-01-20", currency="EUR")])
    assert found.receipts == ()
