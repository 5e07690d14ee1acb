"""What was paid stays as it was paid, and what comes later is told apart (semantics 24)."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal

from incentives.core.activity import CASH, Activity
from incentives.extensions import db
from incentives.operations.export_statement import statement_file
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.operations.read_payouts import read_payouts
from incentives.store import people
from incentives.store.locked_statements import locked_statement, statement_hash
from tests.operations.locks.locked import files, lock, month, payout, posted, statement
from tests.operations.test_read_settlement import COMMISSION, document
from tests.world import noon


def test_what_comes_after_the_lock_is_posted_in_the_open_month_for_the_locked_one(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    world.deal(ana, "500", day="2026-10-20")
    world.deal(ana, "300", day="2026-03-20")
    world.refresh()
    # 10 % each; March ended before anything was locked, and is closed with October.
    assert posted(world, ana) == [
        ("2026-10", "2026-10", 10000, "earned"),
        ("2026-11", "2026-03", 3000, "late"),
        ("2026-11", "2026-10", 5000, "late"),
    ]
    assert (payout(world, ana, "2026-10"), payout(world, ana, "2026-11")) == (100, 80)


def test_nothing_that_happens_later_changes_a_byte_of_a_locked_month(world, ana, bo, fay):
    world.plan(document(), slug=None)
    world.deal(ana, "1000", day="2026-09-10", external_id="S1")
    world.deal(ana, "1000", day="2026-10-10", external_id="O1")
    world.deal(bo, "2000", day="2026-10-12", external_id="O2")
    world.refresh()
    lock(world, "2026-09")
    world.refresh()
    lock(world, "2026-10")
    world.refresh()
    before = files(world, "2026-10", fay, ana, bo)
    said = statement(world, ana, "2026-10")
    kept = [locked_statement(each, "2026-10").sha256 for each in (ana, bo)]
    # A plan from September on that pays double and a draw, a late deal, a revised one, a reversal,
    # another name, another team.
    publish_plan_version(
        document(
            components=[{**COMMISSION, "rule": {"kind": "flat_rate", "rate": "0.20"}}],
            draw={"kind": "recoverable", "amount": "2000", "from": "2026-09-01"},
        ),
        first_day=date(2020, 1, 1),
        slug="advance",
        by=None,
        now=world.now,
    )
    world.deal(ana, "700", day="2026-10-11")
    world.deal(ana, "900", day="2026-10-10", external_id="O1")
    world.deal(bo, "2000", day="2026-10-12", external_id="O2", reversed=True)
    people.person(ana).name = "Ana Souza"
    db.session.commit()
    world.payee("Cy Moss")
    world.refresh()
    db.session.expire_all()
    assert files(world, "2026-10", fay, ana, bo) == before
    assert statement(world, ana, "2026-10") == said
    assert [locked_statement(each, "2026-10").sha256 for each in (ana, bo)] == kept
    # 20 % of 1,000 + 900 + 700 are 520, of which 200 were paid in September and October.
    assert sum(amount for *_, amount, _ in posted(world, ana)) == 52000
    assert statement(world, ana, "2026-11").settled[0].settlement.earned == 32000
    # November's draw fills up to 2,000: those of September and October are not paid any more.
    assert payout(world, ana, "2026-11") == 2000


def test_a_frozen_statement_is_found_by_its_hash(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    kept = locked_statement(ana, "2026-10")
    said = f"{kept.payout}\n{kept.statement}".encode()
    assert kept.sha256 == hashlib.sha256(said).hexdigest()
    assert kept.sha256 == statement_hash(kept.payout, kept.statement)


def test_balances_go_on_from_what_was_frozen(world, ana):
    # September: 1,500 earned and a draw of 500. It is owed, whatever becomes of September.
    world.plan(document(draw={"kind": "recoverable", "amount": "2000", "from": "2026-09-01"}))
    world.deal(ana, "15000", day="2026-09-10", external_id="S1")
    world.deal(ana, "25000", day="2026-10-10", external_id="O1")
    world.refresh()
    lock(world, "2026-09")
    world.refresh()
    # 3,000 more for September: they are earned in October, with 2,500 there. 500 are recovered.
    world.deal(ana, "30000", day="2026-09-11")
    world.refresh()
    [settled] = [each.settlement for each in statement(world, ana, "2026-10").settled]
    assert (settled.earned, settled.owed.opening, settled.recovered) == (550000, 50000, 50000)
    assert payout(world, ana, "2026-09") == 2000
    assert payout(world, ana, "2026-10") == 5000


def test_a_holdback_is_released_as_it_was_held(world, ana):
    # 20 % of September's 1,000 are released two months later, though the plan now holds nothing.
    world.plan(document(holdback={"percent": "20", "released": {"after": 2}}))
    world.deal(ana, "10000", day="2026-09-10")
    world.refresh()
    lock(world, "2026-09")
    publish_plan_version(
        document(), first_day=date(2020, 1, 1), slug="advance", by=None, now=world.now
    )
    world.refresh()
    assert [payout(world, ana, key) for key in ("2026-09", "2026-10", "2026-11")] == [800, 0, 200]


def test_cash_that_is_learnt_of_after_the_lock_is_released_in_the_open_month(world, ana):
    # Half of 1,000 waits for cash. 5,000 of 10,000 came in October, and were told in November.
    world.plan(document(holdback={"percent": "50", "released": {"with": "cash"}}))
    world.deal(ana, "10000", day="2026-10-10", external_id="O1")
    world.refresh()
    lock(world, "2026-10")
    world.now += timedelta(hours=1)
    world.record(
        Activity(
            source="crm",
            external_id="C1",
            kind=CASH,
            shares=(),
            occurred_at=noon("2026-10-20"),
            amount=Decimal(5000),
            currency="USD",
            attributes={"deal": "O1"},
        )
    )
    world.refresh()
    assert (payout(world, ana, "2026-10"), payout(world, ana, "2026-11")) == (500, 250)


def test_a_deal_cancelled_after_the_lock_is_taken_back_as_the_plan_says(world, ana):
    world.plan(document(claw_back={"policy": "at_rate_paid"}))
    world.deal(ana, "1000", day="2026-10-10", external_id="O1")
    world.refresh()
    lock(world, "2026-10")
    world.now += timedelta(hours=1)
    world.deal(ana, "1000", day="2026-10-10", external_id="O1", reversed=True)
    world.refresh()
    assert posted(world, ana) == [
        ("2026-10", "2026-10", 10000, "earned"),
        ("2026-11", "2026-11", -10000, "taken_back"),
    ]
    assert b",taken_back," in statement_file(statement(world, ana, "2026-11"))
    # Nothing is paid, and 100 are carried.
    settled = statement(world, ana, "2026-11").settled[0].settlement
    assert (settled.payout, settled.carried.closing) == (0, -10000)


def test_a_correction_of_a_locked_month_says_what_it_was_and_why(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10", external_id="O1")
    world.refresh()
    lock(world, "2026-10")
    world.deal(ana, "1500", day="2026-10-10", external_id="O1")
    world.refresh()
    [found] = statement(world, ana, "2026-11").corrections
    assert (found.before_minor, found.after_minor, found.origin) == (10000, 15000, "2026-10")
    assert "1000" in found.because.replace(",", "")
    assert "1500" in found.because.replace(",", "")


def test_who_becomes_a_payee_later_has_an_empty_locked_month(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    late = world.payee("Cy Moss")
    world.refresh()
    assert payout(world, late, "2026-10") == 0
    assert {row.payee.name for row in read_payouts(month("2026-10"), now=world.now).rows} == {
        "Ana Silva"
    }


def test_a_payout_of_a_locked_month_agrees_with_its_lines(world, ana, bo):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.deal(bo, "3000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    found = read_payouts(month("2026-10"), now=world.now)
    assert found.lock is not None
    assert [(row.payee.name, row.total_minor) for row in found.rows] == [
        ("Ana Silva", 10000),
        ("Bo Lind", 30000),
    ]
    [control] = found.controls
    assert control.agrees
    assert control.paid_minor == 40000
