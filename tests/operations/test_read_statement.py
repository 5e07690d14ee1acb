"""A statement foots to the cent, equals the ledger, and can say why."""

from datetime import date
from decimal import Decimal

import pytest

from incentives.errors import NotFound
from incentives.operations.read_statement import (
    read_statement,
    statement_payee,
    statement_period,
)
from incentives.operations.read_tier_position import read_tier_position
from incentives.store import people
from incentives.store.companies import the_company


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000")
    return ana


def statement(world, payee, period="2026-11", may_see=lambda day: True):
    month = the_company().calendar.period_named(period)
    return read_statement(people.person(payee), month, now=world.now, may_see=may_see)


def commission(world, payee, period="2026-11"):
    return statement(world, payee, period).components[0]


def test_a_statement_equals_the_ledger(world, ana):
    for amount in ("333.33", "100.01", "7.77", "512.49"):
        world.deal(ana, amount)
    world.refresh()
    read = statement(world, ana)
    assert dict(read.totals) == {"USD": world.total(ana, "money")}
    for component in read.components:
        assert component.amount_minor == sum(deal.amount_minor for deal in component.lines)


def test_a_deal_is_cut_where_it_crosses_a_bound(world, ana):
    world.deal(ana, "600")
    world.refresh()
    (deal,) = commission(world, ana).lines
    # 500 at 4 % is 20.00, the other 100 at 5 % is 5.00
    assert [(part.row, part.base, part.rate, part.exact) for part in deal.slices] == [
        (1, 500, Decimal("0.04"), 20),
        (2, 100, Decimal("0.05"), 5),
    ]
    assert deal.amount_minor == 2500


def test_the_tiers_show_their_bounds_as_amounts_of_the_quota(world, ana):
    world.deal(ana, "600")
    world.refresh()
    tiers = commission(world, ana).tiers
    assert [(tier.from_amount, tier.to_amount, tier.base) for tier in tiers] == [
        (0, 500, 500),
        (500, 750, 100),
        (750, 1000, 0),
        (1000, 1250, 0),
        (1250, None, 0),
    ]
    assert sum(tier.exact for tier in tiers) == 25


def test_a_month_goes_on_where_the_quarter_stood(world, ana):
    world.deal(ana, "450", day="2026-10-20")
    world.deal(ana, "100", day="2026-11-03")  # 50 at 4 %, 50 at 5 %
    world.refresh()
    row = commission(world, ana)
    assert (row.reached_before, row.base, row.reached) == (450, 100, 550)
    assert row.amount_minor == 450


def test_rounding_is_told_apart_from_the_exact_sum(world, ana):
    for _ in range(3):
        world.deal(ana, "0.31")
    world.refresh()
    row = commission(world, ana)
    assert row.exact == Decimal("0.0372")  # 3 × 0.31 × 4 %
    assert row.amount_minor == 3  # 3 × 0.01, each 0.0124 rounded by itself


def test_deals_stand_in_the_order_they_counted(world, ana):
    world.deal(ana, "10", day="2026-11-09", product="Late")
    world.deal(ana, "20", day="2026-11-02", product="Early")
    world.refresh()
    assert [deal.label for deal in commission(world, ana).lines] == ["Early", "Late"]


def test_a_late_deal_corrects_the_later_ones_and_says_why(world, ana):
    world.deal(ana, "600", day="2026-11-10")
    world.refresh()
    world.deal(ana, "500", day="2026-11-02")
    world.refresh()
    read = statement(world, ana)
    (correction,) = read.corrections
    # 500 at 4 % + 100 at 5 % was 25.00; 250 at 5 % + 250 at 6 % + 100 at 8 % is 35.50
    assert (correction.before_minor, correction.after_minor) == (2500, 3550)
    assert "Another deal before it changed" in correction.because
    assert dict(read.totals)["USD"] == world.total(ana, "money") == 5550


def test_a_reversed_deal_leaves_the_list_and_stays_as_a_correction(world, ana):
    world.deal(ana, "400", external_id="D")
    world.refresh()
    world.deal(ana, "400", external_id="D", reversed=True)
    world.refresh()
    read = statement(world, ana)
    assert read.components[0].lines == ()
    assert read.components[0].amount_minor == 0
    (correction,) = read.corrections
    assert (correction.before_minor, correction.after_minor) == (1600, 0)
    assert correction.because == "It was reversed."


def test_a_changed_quota_is_named_as_the_reason(world, ana):
    world.deal(ana, "600")
    world.refresh()
    world.quota(ana, "2000")
    world.refresh()
    (correction,) = statement(world, ana).corrections
    assert correction.because == "The quota changed from 1000 to 2000."
    assert correction.after_minor == 2400  # all of it at 4 % now


def test_a_deal_given_to_somebody_else_says_so_and_nothing_of_them(world, ana):
    bo = world.payee("Bo Lind")
    world.deal(ana, "400", external_id="D")
    world.refresh()
    world.deal(bo, "400", external_id="D")
    world.refresh()
    (correction,) = statement(world, ana).corrections
    assert correction.because == "It is credited to somebody else."


def test_a_missing_quota_is_an_issue_and_the_statement_stands(world):
    bo = world.payee("Bo Lind")
    world.plan()
    world.deal(bo, "400")
    world.refresh()
    read = statement(world, bo)
    assert [issue.code for issue in read.issues] == ["quota_missing"]
    assert dict(read.totals) == {"USD": 0}
    assert read.attainment.ratio is None


def test_an_issue_of_another_quarter_does_not_stand_here(world):
    bo = world.payee("Bo Lind")
    world.plan()
    world.deal(bo, "400", day="2026-09-10")
    world.refresh()
    assert statement(world, bo).issues == ()
    assert len(statement(world, bo, "2026-09").issues) == 1


def test_the_year_so_far_is_the_sum_of_its_months(world, ana):
    world.quota(ana, "1000", period="2026-Q3")
    world.deal(ana, "100", day="2026-08-10")
    world.deal(ana, "200", day="2026-10-10")
    world.deal(ana, "50", day="2026-11-10")
    world.refresh()
    read = statement(world, ana)
    by_month = {month.key: amount for month, amount in read.year if amount}
    assert by_month == {"2026-08": 400, "2026-10": 800, "2026-11": 200}
    assert read.year_total == 1400


def test_a_reader_sees_only_their_months_in_the_year(world, ana):
    world.deal(ana, "200", day="2026-10-10")
    world.deal(ana, "50", day="2026-11-10")
    world.refresh()
    read = statement(world, ana, may_see=lambda day: day >= date(2026, 11, 1))
    assert read.year_total == 200


def test_attainment_runs_beside_the_pace(world, ana):
    world.deal(ana, "500", day="2026-11-02")
    world.refresh()
    found = statement(world, ana).attainment
    # Wednesday 18 November: 22 working days of October and 13 of November, of 66
    assert found.ratio == Decimal("0.5")
    assert round(found.pace, 4) == Decimal("0.5303")
    assert round(found.ahead, 4) == Decimal("-0.0303")
    assert round(found.finish, 4) == Decimal("0.9429")
    assert found.points[-1].credited == 500
    assert [amount for _, amount in found.months] == [0, 500, 0]


@pytest.mark.parametrize(
    ("credited", "tier", "gap"),
    [("0", 1, "500"), ("499.99", 1, "0.01"), ("500", 2, "250"), ("1250", 5, None)],
)
def test_a_bound_belongs_to_the_tier_above_it(world, ana, credited, tier, gap):
    if credited != "0":
        world.deal(ana, credited)
    world.refresh()
    position = read_tier_position(ana, date(2026, 11, 18), the_company().calendar)
    assert position.current.number == tier
    assert position.gap == (None if gap is None else Decimal(gap))


@pytest.mark.parametrize("key", ["2026-Q4", "2026", "nonsense", "2026-12", "2026-13"])
def test_a_statement_is_for_a_month_that_has_begun(world, key):
    with pytest.raises(NotFound):
        statement_period(key, the_company().calendar, date(2026, 11, 18))


def test_only_who_earns_has_a_statement(world):
    world.login("Dana Ortiz", "finance")
    for code in ("dana-ortiz", "nobody"):
        with pytest.raises(NotFound):
            statement_payee(code)


def test_the_quota_is_read_as_the_plan_reads_it(world):
    bo = world.payee("Bo Lind")
    world.plan()
    world.quota(bo, "4000", period="2026")
    world.deal(bo, "600")
    world.refresh()
    read = statement(world, bo)
    # A year's quota without seasons is a quarter of it in each quarter: 600 of 1,000.
    assert (read.attainment.quota, read.attainment.ratio) == (1000, Decimal("0.6"))
    position = read_tier_position(bo, date(2026, 11, 18), the_company().calendar)
    assert position.current.number == 2
