"""What finance adds to pay or takes off it by hand, and takes back (semantics 24)."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from incentives.errors import Forbidden, Invalid, NotFound, Refused
from incentives.operations.adjust_pay import adjust_pay, take_back_adjustment
from incentives.operations.export_payouts import PAYEES, export_payouts
from incentives.operations.export_statement import statement_file
from incentives.operations.lock_period import lock_period
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.operations.read_payouts import read_payouts
from incentives.store.adjustments import adjustments_of
from incentives.store.audit import entries_of
from tests.operations.locks.locked import month, payout, statement
from tests.operations.test_read_settlement import COMMISSION, document


@pytest.fixture
def ana(world):
    return world.payee("Ana Silva")


@pytest.fixture
def fay(world):
    return world.login("Fay Berg", "finance")


@pytest.fixture
def adjust(world, ana, fay):
    """Adjusts Ana's November by an amount, or as a test says."""

    def adjust(amount, **said):
        said = {"period": "2026-11", "reason": "Agreed", "by": fay, **said}
        return adjust_pay(said.pop("payee", ana), amount=Decimal(amount), now=world.now, **said)

    return adjust


def test_an_adjustment_is_earned_in_its_month_and_says_who_and_why(world, ana, fay, adjust):
    world.plan(document())
    world.deal(ana, "1000", day="2026-11-10")
    world.refresh()
    assert adjust("50.25", reason="  Agreed with\nMax ", about="2026-09") == 1
    assert payout(world, ana, "2026-11") == Decimal("150.25")
    [line] = [line for line in world.lines(ana, "money") if line.reason == "adjusted"]
    assert (line.amount, line.period, line.origin_period) == (5025, "2026-11", "2026-09")
    [row] = [row for row in statement(world, ana, "2026-11").components if row.is_adjustment]
    notes = row.lines[0].working.notes
    assert (notes["reason"], notes["by"], notes["about"]) == (
        "Agreed with Max",
        "Fay Berg",
        "2026-09",
    )
    [entry] = entries_of("pay adjusted", 5)
    assert (entry.actor_id, entry.subject) == (fay, "Ana Silva")
    assert entry.after == {
        "number": 1,
        "adjusted": "50.25 USD",
        "because": "Agreed with Max",
        "in": "2026-11",
        "about": "2026-09",
    }


def test_no_calculation_touches_an_adjustment(world, ana, adjust):
    world.plan(document())
    world.deal(ana, "1000", day="2026-11-10", external_id="D1")
    world.refresh()
    adjust("50")
    world.deal(ana, "2000", day="2026-11-10", external_id="D1")
    publish_plan_version(
        document(components=[{**COMMISSION, "rule": {"kind": "flat_rate", "rate": "0.20"}}]),
        first_day=date(2020, 1, 1),
        slug="advance",
        by=None,
        now=world.now,
    )
    world.refresh()
    # 20 % of 2,000, and 50.
    assert payout(world, ana, "2026-11") == 450
    assert world.refresh() == 0


def test_a_payout_is_never_negative_and_what_is_taken_off_is_carried(world, ana, adjust):
    world.plan(document())
    world.deal(ana, "1000", day="2026-11-10")
    world.refresh()
    adjust("-130")
    [settled] = [each.settlement for each in statement(world, ana, "2026-11").settled]
    assert (settled.earned, settled.payout, settled.carried.closing) == (-3000, 0, -3000)


def test_who_has_no_plan_is_paid_it_beside_the_prizes(world, ana, adjust):
    adjust("20")
    assert payout(world, ana, "2026-11") == 20
    adjust("5", currency="EUR")
    assert dict(statement(world, ana, "2026-11").payable) == {"USD": 2000, "EUR": 500}


def test_it_is_taken_back_by_an_opposite_that_names_it_and_only_once(world, ana, fay, adjust):
    world.plan(document())
    world.refresh()
    adjust("50", about="2026-09")
    back = take_back_adjustment(
        ana, 1, period="2026-11", reason="Twice by mistake", by=fay, now=world.now
    )
    assert back == 2
    assert payout(world, ana, "2026-11") == 0
    assert [(a.amount_minor, a.takes_back, a.about) for a in adjustments_of(ana)] == [
        (5000, None, "2026-09"),
        (-5000, 1, "2026-09"),
    ]
    with pytest.raises(Refused) as refused:
        take_back_adjustment(ana, 1, period="2026-11", reason="Again", by=fay, now=world.now)
    assert refused.value.message == "Adjustment 1 was taken back by adjustment 2 already."
    with pytest.raises(NotFound):
        take_back_adjustment(ana, 7, period="2026-11", reason="None", by=fay, now=world.now)


def test_one_of_a_locked_month_is_taken_back_in_the_open_one(world, ana, fay, adjust):
    world.plan(document())
    world.refresh()
    adjust("50", period="2026-10")
    lock_period("2026-10", by=fay, now=world.now)
    world.refresh()
    with pytest.raises(Refused):
        take_back_adjustment(ana, 1, period="2026-10", reason="No", by=fay, now=world.now)
    take_back_adjustment(ana, 1, period="2026-11", reason="No", by=fay, now=world.now)
    assert payout(world, ana, "2026-10") == 50
    [settled] = [each.settlement for each in statement(world, ana, "2026-11").settled]
    assert (settled.payout, settled.carried.closing) == (0, -5000)


def test_nobody_adjusts_their_own_pay(world, ana, adjust):
    world.login("Ana Silva", "finance", person_id=ana)
    with pytest.raises(Forbidden):
        adjust("50", by=ana)
    adjust("50")
    with pytest.raises(Forbidden):
        take_back_adjustment(ana, 1, period="2026-11", reason="Mine", by=ana, now=world.now)
    assert [each.number for each in adjustments_of(ana)] == [1]


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"amount": "0"}, "amount", "Write what to add, or with a minus what to take off."),
        ({"amount": "NaN"}, "amount", "Write what to add, or with a minus what to take off."),
        ({"amount": "1.005"}, "amount", "Write at most the decimals that USD has, as in 0.01."),
        ({"amount": "1000000000000"}, "amount", "The amount is too large."),
        ({"reason": "  "}, "reason", "Say why: the payee reads it on the statement."),
        ({"reason": "x" * 401}, "reason", "Write at most 400 characters that can be seen."),
        ({"about": "soon"}, "about", "Write a period that has begun, such as 2026-11 or 2026-Q4."),
        (
            {"period": "2026-Q4"},
            "period",
            "Ana Silva is paid by the month. Write one, such as 2026-11.",
        ),
        (
            {"period": "2026-12"},
            "period",
            "2026-12 has not begun. Write 2026-11 or an earlier one that is open.",
        ),
    ],
)
def test_a_refusal_says_what_to_write(world, ana, adjust, said, field, sentence):
    world.plan(document())
    with pytest.raises(Invalid) as refused:
        adjust(said.get("amount", "50"), **{k: v for k, v in said.items() if k != "amount"})
    assert refused.value.fields == {field: [sentence]}
    assert adjustments_of(ana) == []


def test_only_who_earns_can_be_adjusted(fay, adjust):
    with pytest.raises(NotFound):
        adjust("50", payee=fay, by=None)


def test_a_plan_that_pays_by_the_week_is_adjusted_by_the_week(world, ana, adjust):
    world.plan(document(pays="week"))
    world.deal(ana, "1000", day="2026-11-10")
    world.refresh()
    adjust("50", period="2026-W46")
    assert payout(world, ana, "2026-11") == 150
    assert [row.amount_minor for row in statement(world, ana, "2026-11").components] == [
        10000,
        5000,
    ]


def test_the_files_foot_with_an_adjustment(world, ana, fay, adjust):
    world.plan(document(holdback={"percent": "20", "released": {"after": 1}}))
    world.deal(ana, "1000", day="2026-11-10")
    world.refresh()
    adjust("50")
    # 150 earned, of which 30 are held back.
    rows = list(
        csv.DictReader(io.StringIO(statement_file(statement(world, ana, "2026-11")).decode()))
    )
    assert sum(Decimal(row["amount"]) for row in rows) == 120
    assert [row["amount"] for row in rows if row["reason"] == "adjusted"] == ["50.00"]
    payouts = read_payouts(month("2026-11"), now=world.now)
    file = export_payouts(payouts, PAYEES, with_mark=False, by=fay, now=world.now)
    [row] = csv.DictReader(io.StringIO(file.content.decode()))
    said = [row[name] for name in ("commission", "prizes", "adjusted", "earned", "payout", "state")]
    assert said == ["100.00", "0.00", "50.00", "150.00", "120.00", "estimate"]
    assert all(control.agrees for control in payouts.controls)
