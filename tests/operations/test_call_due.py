"""What is dated ahead counts when its time comes, be it within the day (semantics 2)."""

from datetime import date, timedelta

import pytest

from incentives.operations.call_due import call_due
from incentives.operations.turn_day import turn_day
from incentives.store import markers


@pytest.fixture
def ana(world):
    """400 at 4 % are 16.00. It is 15:00 of a day that has been turned already."""
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000")
    turn_day(now=world.now)
    call_due(now=world.now)
    world.refresh()
    return ana


def test_a_deal_of_this_evening_counts_this_evening(world, ana):
    world.deal(ana, "400", at=world.now + timedelta(hours=3))
    world.refresh()
    assert world.total(ana, "money") == 0
    world.now += timedelta(hours=2)
    assert call_due(now=world.now) == 0
    world.now += timedelta(hours=2)
    assert not turn_day(now=world.now)
    assert call_due(now=world.now) == 1
    world.refresh()
    assert world.total(ana, "money") == 1600


def test_it_is_called_once(world, ana):
    world.deal(ana, "400", at=world.now + timedelta(hours=3))
    world.now += timedelta(hours=4)
    assert call_due(now=world.now) == 1
    world.refresh()
    assert call_due(now=world.now + timedelta(minutes=1)) == 0


def test_what_has_happened_before_it_is_told_calls_nobody(world, ana):
    world.deal(ana, "400", at=world.now - timedelta(minutes=1))
    world.refresh()
    world.now += timedelta(hours=1)
    assert call_due(now=world.now) == 0
    assert markers.stale_payees() == []


def test_a_deal_that_is_put_off_is_called_at_its_new_time(world, ana):
    world.deal(ana, "400", day="2026-11-10", external_id="D")
    world.refresh()
    world.now += timedelta(minutes=1)
    world.deal(ana, "400", at=world.now + timedelta(hours=1), external_id="D")
    world.refresh()
    assert world.total(ana, "money") == 0
    world.now += timedelta(hours=2)
    assert call_due(now=world.now) == 1
    world.refresh()
    assert world.total(ana, "money") == 1600
    assert world.lines(ana, "money")[-1].day == date(2026, 11, 18)


def test_a_worker_whose_clock_is_slow_leaves_nothing_out(world, ana):
    world.deal(ana, "400", at=world.now - timedelta(minutes=1))
    world.now -= timedelta(hours=1)
    world.refresh()
    assert world.total(ana, "money") == 1600
