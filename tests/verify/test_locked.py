"""What is locked is checked byte by byte, and adjustments have their audit entries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from incentives.cli.verify import checks_called
from incentives.extensions import db
from incentives.operations.adjust_pay import adjust_pay, take_back_adjustment
from incentives.operations.lock_period import lock_period
from incentives.store.locked_statements import statement_hash
from incentives.store.snapshot import one_moment
from incentives.verify.book import Book
from incentives.verify.report import run
from tests.verify.conftest import found_in, without_triggers


@pytest.fixture
def closed(world):
    """October is locked; a late deal of it and an adjustment are posted in November."""
    ana = world.payee("Ana")
    fay = world.login("Fay", "finance")
    world.plan()
    world.quota(ana, "10000")
    world.deal(ana, "1000", day="2026-10-05", external_id="OCT")
    world.refresh()
    lock_period("2026-10", by=fay, now=world.now)
    world.now += timedelta(minutes=1)
    world.refresh()
    world.deal(ana, "600", day="2026-10-02", external_id="LATE")
    world.refresh()
    words = {"period": "2026-11", "by": fay, "now": world.now}
    adjust_pay(ana, amount=Decimal("12.34"), reason="Travel", **words)
    number = adjust_pay(ana, amount=Decimal("5"), reason="A slip", **words)
    take_back_adjustment(ana, number, reason="It was one", **words)
    world.refresh()
    return world


def test_a_locked_month_a_late_deal_and_adjustments_are_sound(closed):
    with one_moment() as snapshot:
        found = list(run(Book(snapshot, closed.now, settled=True), checks_called(())))
    assert {each.check.name: each.told for each in found if each.told} == {}
    seen = {each.check.name: each.seen.rows for each in found}
    # October, and the weeks that end in it, of one payee.
    assert seen["locked"]["frozen statements"] == 1
    assert seen["audit"]["locks"] == seen["locked"]["locked periods"]
    assert seen["audit"]["adjustments"] == 3
    late = [line for line in closed.lines(1) if line.origin_period != line.period]
    assert {line.period for line in late} == {"2026-11"}


def test_a_frozen_statement_that_was_changed_is_found(closed):
    statement = "UPDATE locked_statement SET statement = replace(statement, '2026', '2027')"
    assert found_in(closed, statement) == {
        "locked": ["payee 1, statement of 2026-10: is not what was frozen"]
    }


def test_what_was_posted_behind_a_lock_is_found(closed):
    told = found_in(closed, "UPDATE posted_line SET period = '2026-10' WHERE period = '2026-11'")
    # The late deal's 24.00 and the adjustment's 12.34 beside the 40.00 that were paid.
    assert told["locked"] == [
        "payee 1, plan 1, period 2026-10: 4000 is frozen, 7634 is posted in USD"
    ]


def test_a_frozen_statement_with_a_hash_of_its_own_is_found(closed):
    """Whoever can write a statement can hash it."""
    payout = db.session.execute(text("SELECT payout FROM locked_statement")).scalar_one()
    statement = db.session.execute(text("SELECT statement FROM locked_statement")).scalar_one()
    forged = payout.replace('"earned":4000', '"earned":9000')
    assert forged != payout
    told = found_in(
        closed,
        f"UPDATE locked_statement SET payout = '{forged}', "
        f"sha256 = '{statement_hash(forged, statement)}'".replace(":", r"\:"),
    )
    assert told["locked"] == [
        "payee 1, plan 1, period 2026-10: 9000 is frozen, 4000 is posted in USD"
    ]


def test_a_lock_and_an_adjustment_without_audit_entries_are_found(closed):
    everything = found_in(closed, "DELETE FROM audit_entry", only=("audit",))["audit"]
    assert any("period 2026-10: the audit has no entry" in said for said in everything)
    assert any("of the adjustment" in said for said in everything)


def test_the_database_refuses_to_change_what_is_locked(closed):
    with one_moment() as snapshot:
        (found,) = run(Book(snapshot, closed.now), checks_called(("triggers",)))
    assert found.told == []
    # Only SQLite has an insert that replaces.
    ways = 2 if snapshot.is_postgres else 3
    assert found.seen.rows["tries"] == 5 * ways
    assert db.session.execute(text("SELECT count(*) FROM period_lock")).scalar() >= 1


def test_a_lock_that_may_be_changed_is_found(closed):
    """Also where only what refers to it keeps it from being deleted."""
    session = db.session()
    without_triggers(session)
    session.commit()
    with one_moment() as snapshot:
        (found,) = run(Book(snapshot, closed.now), checks_called(("triggers",)))
    told = [str(each) for each in found.told]
    for table in ("period_lock", "locked_statement"):
        for verb in ("changed", "deleted", *(() if snapshot.is_postgres else ("replaced",))):
            assert f"table {table}: a row could be {verb}" in told


def test_an_adjustment_that_is_gone_from_the_ledger_is_found(closed):
    """The newest posting of a payee may go without a gap in the chain."""
    newest = "number = (SELECT max(number) FROM posting)"
    first = f"(SELECT first_sequence FROM posting WHERE {newest})"
    told = found_in(
        closed,
        f"DELETE FROM posted_line WHERE sequence >= {first}",
        f"DELETE FROM posting WHERE {newest}",
    )
    assert told == {
        "audit": ["payee Ana, adjustment 3: the audit has it, the ledger does not"],
    }
