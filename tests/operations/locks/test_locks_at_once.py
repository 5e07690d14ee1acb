"""Locks and postings that meet: none is lost, and none is in two months (semantics 24)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest

from incentives.cli.verify import checks_called
from incentives.errors import Refused
from incentives.extensions import db
from incentives.operations import lock_period as lock_period_module
from incentives.operations import pay_months
from incentives.operations.adjust_pay import adjust_pay
from incentives.operations.freeze_month import freeze_month
from incentives.operations.lock_period import lock_period
from incentives.operations.pay_months import pay_month
from incentives.store.companies import the_company
from incentives.store.locks import lock_of
from incentives.store.snapshot import one_moment
from incentives.verify.book import Book
from incentives.verify.report import run
from tests.operations.locks.locked import lock, payout, statement
from tests.operations.test_read_settlement import document


def at_once(app, *verbs):
    """Do all of them at the same moment, each in a thread and a session of its own. Returns what
    each of them answered or raised."""
    db.session.remove()
    gate = threading.Barrier(len(verbs))
    with ThreadPoolExecutor(len(verbs)) as threads:
        running = [threads.submit(answer_of, app, verb, gate) for verb in verbs]
        return [each.result() for each in running]


def answer_of(app, verb, gate):
    with app.app_context():
        gate.wait()
        try:
            return verb()
        except Refused as refused:
            return refused.code
        finally:
            db.session.remove()


def by_somebody_else(app, verb):
    """Do it while this session has something open."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(answer_of, app, verb, threading.Barrier(1)).result()


def test_of_several_locks_one_is_kept(app, world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    answers = at_once(app, *[lambda: lock(world, "2026-10")] * 5)
    assert sorted(answers, key=str) == [None, *["locked_already"] * 4]


def test_somebody_elses_lock_does_not_look_like_news_being_worked_in(app, world, ana, monkeypatch):
    """Here between two looks at the same month: everybody is calculated anew after a lock."""
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    elses = iter([lambda: by_somebody_else(app, lambda: lock(world, "2026-10"))])

    def next_to_lock(*, now):
        for lock_it in elses:
            lock_it()
        return pay_month("2026-10", the_company().calendar)

    monkeypatch.setattr(pay_months, "next_to_lock", next_to_lock)
    with pytest.raises(Refused) as refused:
        lock(world, "2026-10")
    assert refused.value.code == "locked_already"


def test_whatever_is_posted_while_a_month_is_locked_is_in_its_statement_or_in_the_next(
    app, world, ana
):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()

    def adjust():
        return adjust_pay(
            ana, period="2026-10", amount=Decimal(1), reason="Agreed", by=None, now=world.now
        )

    def late():
        world.deal(ana, "10", day="2026-10-12")
        world.refresh()

    answers = at_once(app, *[adjust] * 4, lambda: lock(world, "2026-10"), late)
    world.refresh()
    if lock_of("2026-10") is None:
        # The late deal was being worked in.
        assert "in_the_way" in answers
        lock(world, "2026-10")
        world.refresh()
    kept = statement(world, ana, "2026-10").settled[0].settlement.earned
    assert kept == sum(line.amount for line in world.lines(ana) if line.period == "2026-10")
    assert sum(line.amount for line in world.lines(ana)) == 10000 + 100 + 100 * sum(
        isinstance(answer, int) for answer in answers
    )


def test_what_happens_while_statements_are_made_is_in_them(world, ana, bo, monkeypatch):
    world.plan(document())
    for payee in (ana, bo):
        world.deal(payee, "1000", day="2026-10-10")
    world.refresh()
    made = []

    def make(month, *, now, payee_ids=None):
        made.append(payee_ids)
        found = freeze_month(month, now=now, payee_ids=payee_ids)
        if payee_ids is None:
            world.deal(ana, "500", day="2026-10-12")
            world.refresh()
        return found

    monkeypatch.setattr(lock_period_module, "freeze_month", make)
    lock(world, "2026-10")
    world.refresh()
    # Only Ana's statement is made again.
    assert made == [None, [ana]]
    assert [payout(world, each, "2026-10") for each in (ana, bo)] == [150, 100]


def test_what_is_taken_back_while_statements_are_made_was_taken_back_before_the_lock(
    world, ana, monkeypatch
):
    """However long they took, and whenever the lock was asked for."""
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10", external_id="D")
    world.refresh()
    asked_at = world.now

    def make(month, *, now, payee_ids=None):
        found = freeze_month(month, now=now, payee_ids=payee_ids)
        if payee_ids is None:
            world.now += timedelta(seconds=30)
            world.deal(ana, "1000", day="2026-10-10", external_id="D", reversed=True)
            world.refresh()
        return found

    monkeypatch.setattr(lock_period_module, "freeze_month", make)
    lock_period("2026-10", by=None, now=asked_at)
    assert lock_of("2026-10").locked_at == asked_at + timedelta(seconds=30)
    world.now += timedelta(minutes=1)
    world.refresh()
    assert payout(world, ana, "2026-10") == 0
    assert [line.amount for line in world.lines(ana) if line.period == "2026-11"] == []
    with one_moment() as snapshot:
        found = run(Book(snapshot, world.now, settled=True), checks_called(()))
        assert {each.check.name: each.told for each in found if each.told} == {}
