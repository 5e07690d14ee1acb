"""What payees are paid of what was posted: draws, holdbacks and balances, by account."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from incentives.core.activity import CASH, Activity
from incentives.operations.accounts import settled_in
from incentives.operations.export_payouts import LINES, PAYEES, export_payouts
from incentives.operations.export_statement import statement_file
from incentives.operations.read_payouts import read_payouts
from incentives.operations.read_settlement import read_accounts
from incentives.operations.read_statement import read_statement
from incentives.store import people
from incentives.store.companies import the_company
from tests.world import noon

COMMISSION = {
    "key": "commission",
    "name": "Commission",
    "yields": "money",
    "measure": "revenue",
    "rule": {"kind": "flat_rate", "rate": "0.10"},
}


def document(**terms):
    """A plan that pays 10 % of revenue, on these terms."""
    return {
        "schema": 1,
        "name": "Advance",
        "currency": "USD",
        "components": [COMMISSION],
        **terms,
    }


DRAW = {"kind": "recoverable", "amount": "2000", "from": "2026-09-01"}


@pytest.fixture
def ana(world):
    return world.payee("Ana Silva")


def month(key):
    return the_company().calendar.period_named(key)


def accounts(world, payee_ids):
    calendar = the_company().calendar
    return read_accounts(payee_ids, calendar=calendar, as_of=calendar.day_of(world.now))


def settled(world, payee_id, key):
    found = settled_in(accounts(world, [payee_id]), month(key), the_company().calendar)
    (only,) = [each.settlement for each in found]
    return only


def test_a_draw_is_paid_owed_and_recovered_month_by_month(world, ana):
    world.plan(document(draw=DRAW))
    world.deal(ana, "15000", day="2026-09-10")
    world.deal(ana, "28000", day="2026-10-10")
    world.deal(ana, "5000", day="2026-11-10")
    world.refresh()
    months = [settled(world, ana, key) for key in ("2026-09", "2026-10", "2026-11")]
    # 1,500 and a draw of 500; 2,800 of which 500 are recovered; 500 and a draw of 1,500.
    assert [row.earned for row in months] == [150000, 280000, 50000]
    assert [row.draw for row in months] == [50000, 0, 150000]
    assert [row.recovered for row in months] == [0, 50000, 0]
    assert [row.owed.closing for row in months] == [50000, 0, 150000]
    assert [row.payout for row in months] == [200000, 230000, 200000]


def test_a_draw_is_paid_to_whom_nothing_was_posted(world, ana):
    world.plan(document(draw=DRAW))
    world.refresh()
    assert settled(world, ana, "2026-10").payout == 200000


def test_what_is_taken_back_beyond_pay_is_carried(world, ana):
    world.plan(document())
    world.deal(ana, "-5000", day="2026-10-10")
    world.deal(ana, "8000", day="2026-11-10")
    world.refresh()
    october, november = (settled(world, ana, key) for key in ("2026-10", "2026-11"))
    assert (october.payout, october.carried.closing) == (0, -50000)
    assert (november.payout, november.carried.closing) == (30000, 0)


def test_a_holdback_is_released_with_the_cash_of_its_deal(world, ana):
    world.plan(document(holdback={"percent": "50", "released": {"with": "cash"}}))
    world.deal(ana, "1000", day="2026-10-10", external_id="D1")
    world.record(
        Activity(
            "bank",
            "P1",
            CASH,
            (),
            noon("2026-11-05"),
            Decimal(400),
            "USD",
            attributes={"deal": "D1", "deal_source": "crm"},
        )
    )
    world.refresh()
    october, november = (settled(world, ana, key) for key in ("2026-10", "2026-11"))
    # 10 % of 1,000 are 100, of which 50 are held; 400 of 1,000 release 20.
    assert (october.held_back, october.payout) == (5000, 5000)
    assert (november.released, november.on_hold.closing) == (2000, 3000)


def test_only_the_accounts_asked_for_are_read(world, ana):
    bo = world.payee("Bo Lind")
    world.plan(document(draw=DRAW))
    world.refresh()
    assert {account.payee_id for account in accounts(world, [ana])} == {ana}
    assert {account.payee_id for account in accounts(world, None)} == {ana, bo}


def test_weeks_are_paid_with_the_month_in_which_they_end(world, ana):
    world.plan(document(pays="week", draw={**DRAW, "amount": "100", "from": "2026-10-26"}))
    world.deal(ana, "500", day="2026-10-29")
    world.deal(ana, "2000", day="2026-11-04")
    world.refresh()
    november = settled(world, ana, "2026-11")
    # The week of 26 October ends on 1 November: 50 and a draw of 50; the next earns 200 and pays
    # it back; the one of 9 November, and any after it so far, draw 100.
    weeks = (the_company().calendar.day_of(world.now) - date(2026, 11, 2)).days // 7
    assert november.period.startswith("2026-W44 to ")
    assert november.earned == 25000
    assert november.recovered == 5000
    assert november.draw == 5000 + 10000 * weeks


def statement(world, payee_id, key):
    payee = people.person(payee_id)
    return read_statement(payee, month(key), now=world.now, may_see=lambda day: True)


def test_a_statement_leads_from_earned_to_payable(world, ana):
    world.plan(document(draw=DRAW))
    world.deal(ana, "15000", day="2026-09-10")
    world.deal(ana, "28000", day="2026-10-10")
    world.refresh()
    october = statement(world, ana, "2026-10")
    assert october.totals == (("USD", 280000),)
    assert october.payable == (("USD", 230000),)
    paid = {period.key: amount for period, amount in october.year}
    assert (paid["2026-09"], paid["2026-10"]) == (200000, 230000)


def test_the_column_of_a_statement_file_foots_to_what_is_paid(world, ana):
    world.plan(document(draw=DRAW))
    world.deal(ana, "15000", day="2026-09-10")
    world.deal(ana, "28000", day="2026-10-10")
    world.refresh()
    rows = list(
        csv.DictReader(io.StringIO(statement_file(statement(world, ana, "2026-10")).decode()))
    )
    assert [(row["line"] != "", row["reason"], row["amount"]) for row in rows] == [
        (True, "earned", "2800.00"),
        (False, "recovered", "-500.00"),
    ]
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal("2300.00")


@pytest.fixture
def payouts(world, ana):
    """Ana earns 1,500 in October and has a draw of 2,000; Bo owes 500 that were taken back."""
    bo = world.payee("Bo Lind", team="West")
    world.plan(document(draw={**DRAW, "from": "2026-10-01", "until": "2026-11-01"}))
    world.deal(ana, "15000", day="2026-10-10")
    world.deal(ana, "20000", day="2026-11-10")
    world.deal(bo, "-5000", day="2026-11-10")
    world.refresh()
    return read_payouts(month("2026-11"), now=world.now)


def test_payouts_lead_from_lines_to_what_is_paid(payouts):
    # November: Ana 2,000 less the 500 owed; Bo was drawn 2,000 in October, and now carries 500.
    paid = {row.payee.name: (row.earned_minor, row.total_minor) for row in payouts.rows}
    assert paid == {"Ana Silva": (200000, 150000), "Bo Lind": (-50000, 0)}
    (control,) = payouts.controls
    assert control.lines_minor == control.statements_minor == control.teams_minor == 150000
    assert control.settled.moves["recovered"] == -50000
    assert control.settled.moves["carried"] == 50000
    assert control.settled.payout == control.paid_minor == 150000
    assert control.agrees
    assert [(row.team, row.total_minor) for row in payouts.by_team] == [
        ("East", 150000),
        ("West", 0),
    ]


def test_the_month_before_is_what_was_paid_then(payouts):
    assert {row.payee.name: row.before_minor for row in payouts.rows} == {
        "Ana Silva": 200000,
        "Bo Lind": 200000,
    }


@pytest.mark.parametrize(("kind", "column"), [(PAYEES, "payout"), (LINES, "amount")])
def test_both_files_add_up_to_what_is_paid(world, payouts, kind, column):
    dana = world.login("Dana Ortiz", "finance")
    export = export_payouts(payouts, kind, with_mark=False, by=dana, now=world.now)
    rows = list(csv.DictReader(io.StringIO(export.content.decode())))
    assert sum(Decimal(row[column]) for row in rows) == Decimal("1500.00")
    assert export.name == f"payouts-2026-11-{kind}-1500.00-USD.csv"


def test_the_file_of_payees_has_each_step(world, payouts):
    dana = world.login("Dana Ortiz", "finance")
    export = export_payouts(payouts, PAYEES, with_mark=False, by=dana, now=world.now)
    ana, bo = csv.DictReader(io.StringIO(export.content.decode()))
    names = ("earned", "held_back", "released", "draw", "recovered", "carried", "payout")
    assert [ana[name] for name in names] == [
        *("2000.00", "0.00", "0.00", "0.00", "-500.00", "0.00", "1500.00"),
    ]
    assert (bo["carried"], bo["payout"], bo["owed_now"], bo["carried_now"]) == (
        *("500.00", "0.00"),
        *("2000.00", "-500.00"),
    )
