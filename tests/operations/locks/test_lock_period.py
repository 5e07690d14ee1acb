"""Months of pay are locked once, in their turn and for good (semantics 18 to 20 and 24)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from incentives.core.fiscal_years import FiscalYears
from incentives.errors import Invalid, NotFound
from incentives.extensions import db
from incentives.operations.adjust_pay import adjust_pay
from incentives.operations.change_company import change_company
from incentives.operations.lock_period import lock_period
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.store.audit import entries_of
from incentives.store.locks import locks_of
from tests.operations.locks.locked import lock, refusal
from tests.operations.test_read_settlement import document


def test_a_lock_names_the_month_and_all_pay_periods_that_end_in_it(world, ana, fay):
    world.plan(document())
    world.deal(ana, "1000", day="2026-09-10")
    world.refresh()
    lock_period("2026-09", by=fay, now=world.now, note="paid on the 3rd")
    # The week of 28 September goes on into October.
    weeks = ["2026-W36", "2026-W37", "2026-W38", "2026-W39"]
    assert sorted(locks_of(db.session())) == ["2026-09", "2026-Q3", *weeks]
    [entry] = entries_of("pay period locked", 5)
    assert (entry.actor_id, entry.subject) == (fay, "2026-09")
    assert entry.after["note"] == "paid on the 3rd"


def test_a_month_is_locked_once_and_in_its_turn(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-08-10")
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    for key, code in (
        ("2026-11", "not_over"),
        ("2026-10", "earlier_open"),
        ("2026-07", "closed_already"),
    ):
        with refusal() as refused:
            lock(world, key)
        assert refused.value.code == code
    for key in ("2026-Q3", "2026-13", "nonsense"):
        with refusal(NotFound):
            lock(world, key)
    # September has no pay of its own, and yet carries August's balances to October.
    for key in ("2026-08", "2026-09", "2026-10"):
        lock(world, key)
        world.refresh()
    with refusal() as refused:
        lock(world, "2026-10")
    assert refused.value.code == "locked_already"
    assert "nothing unlocks it" in refused.value.message


def test_the_month_ends_when_it_ends_where_the_company_is(world, ana):
    change_company(
        name="Acme",
        time_zone="America/Chicago",
        currency="USD",
        years=FiscalYears(),
        by=None,
        now=world.now,
    )
    world.plan(document())
    world.deal(ana, "1000", day="2026-11-10")
    world.refresh()
    # Six hours behind UTC: at 05:59 it is still the last of November.
    with refusal() as refused:
        lock_period("2026-11", by=None, now=datetime(2026, 12, 1, 5, 59, tzinfo=UTC))
    assert refused.value.code == "not_over"
    lock_period("2026-11", by=None, now=datetime(2026, 12, 1, 6, 0, tzinfo=UTC))


def test_nobody_may_be_behind(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    with refusal() as refused:
        lock(world, "2026-10")
    assert refused.value.message == (
        "News is being worked in for Ana Silva. Try again in a moment."
    )


def test_a_quota_that_is_missing_is_named_with_whose_it_is(world, ana):
    world.plan()
    world.deal(ana, "1000", day="2026-10-10")
    for number in range(11):
        other = world.payee(f"Payee {number:02}")
        world.plan(slug="field-sales") if number == 10 else None
        world.deal(other, "1000", day="2026-10-10")
    world.refresh()
    with refusal() as refused:
        lock(world, "2026-10")
    assert refused.value.code == "in_the_way"
    assert "Ana Silva" in refused.value.message
    assert "No quota is set" in refused.value.message
    assert "and 2 more" in refused.value.message


@pytest.mark.parametrize(
    "statement_",
    [
        "UPDATE period_lock SET note = 'x'",
        "DELETE FROM period_lock",
        "UPDATE locked_statement SET sha256 = 'x'",
        "DELETE FROM locked_statement",
        "INSERT INTO posted_line SELECT payee_id, component_id, activity_id, 'x', aspect, amends, "
        "99, period, day, amount, terms_id, steps FROM posted_line WHERE period = '2026-10'",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_locked(world, ana, statement_):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    with pytest.raises(DBAPIError, match="closed to everyone"):
        db.session.execute(text(statement_))
    db.session.rollback()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"years": FiscalYears(weeks_pattern="4-4-5")}, "weeks_pattern"),
        ({"years": FiscalYears(start_month=4)}, "fiscal_start_month"),
        ({"time_zone": "America/Chicago"}, "time_zone"),
    ],
)
def test_settings_that_would_move_a_locked_period_stay(world, ana, changed, field):
    world.plan(document())
    world.deal(ana, "1000", day="2026-09-10")
    world.refresh()
    lock(world, "2026-09")
    said = {"name": "Acme", "time_zone": "UTC", "currency": "USD", "years": FiscalYears()}
    with refusal(Invalid) as refused:
        change_company(**{**said, **changed}, by=None, now=world.now)
    assert list(refused.value.fields) == [field]
    change_company(**{**said, "name": "Acme and sons"}, by=None, now=world.now)


def test_a_plan_keeps_its_pay_period_once_pay_is_locked(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    with refusal() as refused:
        publish_plan_version(
            document(pays="quarter"),
            first_day=date(2026, 11, 1),
            slug="advance",
            by=None,
            now=world.now,
        )
    assert refused.value.code == "pay_period_changed"


def test_an_adjustment_is_refused_in_a_locked_month(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    with refusal() as refused:
        adjust_pay(ana, period="2026-10", amount=Decimal(5), reason="Late", by=None, now=world.now)
    assert refused.value.code == "locked"
    assert "Post it in 2026-11" in refused.value.message
