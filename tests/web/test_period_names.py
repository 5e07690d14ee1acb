"""Months counted in weeks are called by their number wherever months have names."""

import pytest

from incentives.core.fiscal_years import FiscalYears
from incentives.operations.change_company import change_company


@pytest.fixture
def retail(world):
    """A fiscal year of 4-5-4 weeks: 18 November 2026 lies in its tenth period."""
    ana = world.payee("Ana Silva")
    world.login("Ana Silva", "rep", person_id=ana)
    world.login("Fay", "finance")
    world.plan()
    change_company(
        name="Halyard",
        time_zone="UTC",
        currency="USD",
        years=FiscalYears(2, weeks_pattern="4-5-4"),
        by=ana,
        now=world.now,
    )
    world.deal(ana, "400")
    world.refresh()
    return world


def test_a_board_of_a_period_bears_its_number(retail):
    ana = retail.sign_in("Ana")
    assert "Period 9 2026" in ana.get("/boards/revenue?period=2026-P09").text
    assert "P10" in ana.get("/boards/revenue?period=quarter").text


def test_pay_is_by_period(retail):
    ana, fay = retail.sign_in("Ana"), retail.sign_in("Fay")
    assert "Period 10 commission" in ana.get("/my-day").text
    assert "for Period 10, USD" in ana.get("/earnings/ana-silva/2026-P10").text
    assert "Estimate for Period 10, USD" in fay.get("/payouts/2026-P10").text
    assert fay.get("/payouts/2026-10").status_code == 404  # a calendar month
