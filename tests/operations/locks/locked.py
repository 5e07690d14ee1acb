"""Months that are locked, as tests look at them."""

import pytest

from incentives.errors import Refused
from incentives.operations.export_payouts import LINES, PAYEES, export_payouts
from incentives.operations.export_statement import statement_file
from incentives.operations.lock_period import lock_period
from incentives.operations.read_payouts import read_payouts
from incentives.operations.read_statement import read_statement
from incentives.store import people
from incentives.store.companies import the_company


def lock(world, key, by=None):
    lock_period(key, by=by, now=world.now)


def month(key):
    return the_company().calendar.period_named(key)


def statement(world, payee_id, key):
    return read_statement(
        people.person(payee_id), month(key), now=world.now, may_see=lambda day: True
    )


def payout(world, payee_id, key):
    """Whole dollars paid in a month."""
    return dict(statement(world, payee_id, key).payable)["USD"] / 100


def files(world, key, fay, *payee_ids):
    """Every file of a month, as bytes."""
    payouts = [
        export_payouts(
            read_payouts(month(key), now=world.now), kind, with_mark=False, by=fay, now=world.now
        ).content
        for kind in (PAYEES, LINES)
    ]
    return [*payouts, *(statement_file(statement(world, each, key)) for each in payee_ids)]


def posted(world, payee_id):
    return [
        (line.period, line.origin_period, line.amount, line.reason)
        for line in world.lines(payee_id, "money")
        if line.amount
    ]


def refusal(refused=Refused):
    return pytest.raises(refused)
