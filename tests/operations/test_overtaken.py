"""A refresh that somebody else was quicker than, between its sum and its writing."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from incentives.operations import refresh_payees
from incentives.operations.adjust_pay import adjust_pay


@pytest.fixture
def ana(world):
    ana = world.payee("Ana Silva")
    world.plan()
    world.quota(ana, "1000")
    return ana


@pytest.fixture
def overtaken(monkeypatch):
    """The sums that were made; once, something happens between one and its writing."""
    work_out, sums, happens = refresh_payees._work_out, [], []

    def worked_out(payee_ids, now, **how):
        due = work_out(payee_ids, now, **how)
        sums.append(due)
        if happens:
            happens.pop()(payee_ids, now)
        return due

    monkeypatch.setattr(refresh_payees, "_work_out", worked_out)
    return SimpleNamespace(sums=sums, by=happens.append)


def test_a_refresh_that_was_overtaken_throws_its_sum_away(world, ana, overtaken):
    """Somebody else posts between the sum and its writing: nothing is left to do."""
    world.deal(ana, "400")
    overtaken.by(lambda payees, now: refresh_payees.refresh_payees(payees, now=now))
    refresh_payees.refresh_payees([ana], now=world.now)
    assert len(overtaken.sums) == 2  # the overtaken one, and the one that overtook it
    assert [line.amount for line in world.lines(ana, "money")] == [1600]
    assert world.refresh() == 0


def test_a_refresh_that_was_overtaken_sums_again_where_there_are_news(world, ana, overtaken):
    world.deal(ana, "400")

    def overtake(payees, now):
        refresh_payees.refresh_payees(payees, now=now)
        world.deal(ana, "100", external_id="later")

    overtaken.by(overtake)
    refresh_payees.refresh_payees([ana], now=world.now)
    assert len(overtaken.sums) == 3
    assert world.total(ana, "money") == 2000
    assert world.refresh() == 0


def test_a_refresh_that_an_adjustment_overtook_sums_again(world, ana, overtaken):
    """A deal becomes due with the day, which marks nobody, while somebody adjusts the payee's pay:
    the sum is thrown away, and nobody else has made it."""
    world.deal(ana, "400", day="2026-11-19")
    world.refresh()
    assert world.total(ana, "money") == 0
    overtaken.sums.clear()
    overtaken.by(
        lambda payees, now: adjust_pay(
            ana, period="2026-11", amount=Decimal(5), reason="A gift", by=None, now=now
        )
    )
    refresh_payees.refresh_payees([ana], now=world.now + timedelta(days=1))
    assert len(overtaken.sums) == 2
    assert world.total(ana, "money") == 1600 + 500


def test_where_all_is_compared_somebody_elses_refresh_is_not_enough(world, ana, overtaken):
    """`flask recalculate` compares every line, whoever was quicker."""
    world.deal(ana, "400")
    overtaken.by(lambda payees, now: refresh_payees.refresh_payees(payees, now=now))
    refresh_payees.refresh_payees([ana], now=world.now, anew=True)
    assert len(overtaken.sums) == 3
