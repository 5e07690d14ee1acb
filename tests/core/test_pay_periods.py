"""Which pay periods a payee has on a plan, and which terms are in force in each."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from incentives.core.calendar import ALWAYS, Calendar
from incentives.core.cash import DealCash, Receipt
from incentives.core.pay_periods import Posted, pay_periods
from incentives.core.pay_terms import Draw, Guarantee, Holdback
from incentives.core.plans import Agreement, Plan, PlanVersion
from incentives.core.settlement import settle

CALENDAR = Calendar(ZoneInfo("America/Chicago"))
DRAW = Draw("recoverable", Decimal(2000))


def version(first_day, number=1, **terms):
    return PlanVersion(number, 1, number, first_day, Plan("Plan", "USD", (), **terms))


def periods(agreements, earned, as_of, **more):
    return pay_periods(agreements, Posted(earned, **more), calendar=CALENDAR, as_of=as_of)


def test_a_draw_is_paid_from_the_assignment_on_though_nothing_was_earned():
    agreement = Agreement((version(ALWAYS, draw=DRAW),), date(2026, 1, 15), None)
    found = periods([agreement], {}, date(2026, 3, 10))
    assert [(each.key, each.terms.number) for each in found] == [
        ("2026-01", 1),
        ("2026-02", 2),
        ("2026-03", 3),
    ]
    assert [row.payout for row in settle(found, "USD")] == [200000] * 3


def test_without_promises_the_first_period_is_the_first_with_lines():
    agreement = Agreement((version(ALWAYS),), date(2020, 1, 1), None)
    found = periods([agreement], {"2026-02": 100}, date(2026, 3, 10))
    assert [each.key for each in found] == ["2026-02", "2026-03"]


def test_a_draw_of_an_assignment_without_beginning_begins_with_its_own_first_day():
    draw = Draw("recoverable", Decimal(2000), first_day=date(2026, 2, 1))
    found = periods([Agreement((version(ALWAYS, draw=draw),), ALWAYS, None)], {}, date(2026, 3, 1))
    assert [each.key for each in found] == ["2026-02", "2026-03"]


def test_the_version_at_the_end_of_the_period_or_of_the_assignment_says_the_terms():
    # The second version begins within February; the payee leaves within April.
    higher = Draw("recoverable", Decimal(2500))
    versions = (version(ALWAYS, draw=DRAW), version(date(2026, 2, 15), 2, draw=higher))
    agreement = Agreement(versions, date(2026, 1, 1), date(2026, 4, 10))
    found = periods([agreement], {}, date(2026, 5, 20))
    assert [each.terms and each.terms.draw for each in found] == [
        DRAW,
        higher,
        higher,
        higher,
        None,
    ]


def test_a_guarantee_counts_the_pay_periods_of_the_assignment():
    # It came with a second version, in the third month of the assignment.
    versions = (version(ALWAYS), version(date(2026, 3, 1), 2, guarantee=Guarantee(Decimal(1), 3)))
    agreement = Agreement(versions, date(2026, 1, 1), None)
    found = periods([agreement], {}, date(2026, 4, 30))
    assert [row.guaranteed for row in settle(found, "USD")] == [0, 0, 100, 0]


def test_a_second_assignment_counts_anew_and_the_balances_go_on():
    guarantee = version(ALWAYS, guarantee=Guarantee(Decimal(10), 1))
    agreements = [
        Agreement((guarantee,), date(2026, 4, 1), None),
        Agreement((guarantee,), date(2026, 1, 1), date(2026, 3, 1)),
    ]
    settled = settle(periods(agreements, {"2026-03": -300}, date(2026, 5, 1)), "USD")
    assert [row.guaranteed for row in settled] == [1000, 0, 0, 1000, 0]
    assert [row.carried.closing for row in settled] == [0, 0, -300, -300, -300]


def test_of_two_assignments_in_one_pay_period_the_later_says_the_terms():
    versions = (version(ALWAYS, guarantee=Guarantee(Decimal(10), 1)),)
    agreements = [
        Agreement(versions, date(2026, 1, 1), date(2026, 2, 10)),
        Agreement(versions, date(2026, 2, 20), None),
    ]
    found = periods(agreements, {}, date(2026, 2, 28))
    assert [each.terms.number for each in found] == [1, 1]


def test_a_line_before_the_assignment_is_settled_in_its_period():
    agreement = Agreement((version(ALWAYS, draw=DRAW),), date(2026, 2, 1), None)
    found = periods([agreement], {"2026-01": 700}, date(2026, 2, 1))
    assert [(each.key, each.earned, each.terms is None) for each in found] == [
        ("2026-01", 700, True),
        ("2026-02", 0, False),
    ]


def test_prizes_have_months_and_no_terms():
    found = periods([], {"2026-01": 500, "2026-03": -200}, date(2026, 3, 2))
    assert [row.payout for row in settle(found, "USD")] == [500, 0, 0]
    assert all(each.terms is None for each in found)


@pytest.mark.parametrize(("pays", "keys"), [("week", 4), ("quarter", 1), ("year", 1)])
def test_pay_periods_are_as_long_as_the_plan_says(pays, keys):
    agreement = Agreement((version(ALWAYS, draw=DRAW, pays=pays),), date(2026, 1, 5), None)
    assert len(periods([agreement], {}, date(2026, 2, 1))) == keys


def test_cash_counts_in_the_pay_period_in_which_it_came():
    held = version(ALWAYS, holdback=Holdback(Decimal(50)))
    cash = DealCash(Decimal(1000), (Receipt(date(2026, 2, 28), Decimal(250)),))
    found = periods(
        [Agreement((held,), ALWAYS, None)],
        {"2026-01": 10000},
        date(2026, 3, 1),
        on_deals={"2026-01": {7: 10000}},
        cash={7: cash},
    )
    assert [row.payout for row in settle(found, "USD")] == [5000, 1250, 0]


def test_what_hangs_on_no_deal_with_an_amount_is_not_held_for_cash():
    # 10.00 on a call and 20.00 on a deal of nothing are paid; of 40.00 on a deal half is held.
    held = version(ALWAYS, holdback=Holdback(Decimal(50)))
    [found] = periods(
        [Agreement((held,), ALWAYS, None)],
        {"2026-01": 7000},
        date(2026, 1, 31),
        on_deals={"2026-01": {6: 1000, 7: 2000, 8: 4000}},
        cash={7: DealCash(Decimal(0)), 8: DealCash(Decimal(100))},
    )
    [row] = settle([found], "USD")
    assert (row.held_back, row.payout) == (2000, 5000)


@pytest.mark.parametrize(
    ("terms", "january", "begins"),
    [({}, 100, "2026-03"), ({}, -100, "2026-01"), ({"draw": DRAW}, 100, "2026-01")],
)
def test_only_what_can_have_no_balance_begins_where_it_is_asked_for(terms, january, begins):
    agreement = Agreement((version(ALWAYS, **terms),), date(2026, 1, 1), None)
    posted = Posted({"2026-01": january, "2026-02": 200, "2026-03": 300})
    asked = {"calendar": CALENDAR, "as_of": date(2026, 4, 10)}
    found = pay_periods([agreement], posted, since=date(2026, 3, 1), **asked)
    assert found[0].key == begins
    whole = settle(pay_periods([agreement], posted, **asked), "USD")
    assert [row.payout for row in settle(found, "USD")] == [
        row.payout for row in whole if row.period >= begins
    ]
