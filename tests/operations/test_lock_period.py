"""Locked pay periods: what was paid stays as it was paid, and what comes later is told apart."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from incentives.errors import NotFound, Refused
from incentives.extensions import db
from incentives.operations.adjust_pay import adjust_pay
from incentives.operations.lock_period import lock_period
from tests.operations.test_read_settlement import document


@pytest.fixture
def ana(world):
    return world.payee("Ana Silva")


@pytest.fixture
def fin(world):
    return world.login("Fin Berg", "finance")


def lock(world, key, by=None):
    lock_period(key, by=by, now=world.now)


def posted(world, payee_id):
    return [
        (line.period, line.origin_period, line.amount, line.reason)
        for line in world.lines(payee_id, "money")
    ]


def test_what_comes_after_the_lock_is_posted_in_the_open_month_for_the_locked_one(world, ana):
    world.plan(document())
    world.deal(ana, "1000", day="2026-10-10")
    world.refresh()
    lock(world, "2026-10")
    world.deal(ana, "500", day="2026-10-20")
    world.refresh()
    assert posted(world, ana) == [
        ("2026-10", "2026-10", 10000, "earned"),
        ("2026-11", "2026-10", 5000, "late"),
    ]
