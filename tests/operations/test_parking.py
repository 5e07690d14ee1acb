"""Who cannot be calculated waits apart, is told why, and comes back by itself."""

import itertools
import time
from datetime import timedelta
from sqlite3 import OperationalError as Locked
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from incentives.errors import Invalid
from incentives.operations import refresh_payees, refresh_stale
from incentives.operations.read_freshness import read_freshness
from incentives.store import markers, parking
from incentives.store.transaction import writing
from incentives.time_limit import TookTooLong, at_most

# A time limit may strike in a place of Python's own that cannot pass it on; it strikes again later.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def clock(world):
    """A clock that tests put on."""

    class Clock:
        def __call__(self):
            return world.now

        def later(self, seconds):
            world.now += timedelta(seconds=seconds)

    return Clock()


@pytest.fixture
def team(world):
    payees = [world.payee(name) for name in ("Ana Silva", "Bo Lind", "Cy Moe")]
    world.plan()
    for payee in payees:
        world.quota(payee, "1000")
    return payees


@pytest.fixture
def poison(monkeypatch):
    """What happens to whom while they are calculated."""
    happens, calculate_each = {}, refresh_payees.calculate_each

    def poisoned(cases, columns):
        for case in cases:
            if case.payee in happens:
                happens[case.payee]()
        return calculate_each(cases, columns)

    monkeypatch.setattr(refresh_payees, "calculate_each", poisoned)
    return happens


def fails():
    raise ZeroDivisionError("a bug")


def is_refused():
    raise Invalid("bad_plan", "The plan Field sales names no currency.")


def never_ends():
    while True:
        pass


def ends_the_worker():
    raise SystemExit("killed")


def deals(world, team):
    for payee in team:
        world.deal(payee, "400")


def paid(world, team):
    return [world.total(payee, "money") for payee in team]


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (fails, "ZeroDivisionError: a bug"),
        (is_refused, "The plan Field sales names no currency."),
        (never_ends, "longer than 0.5 seconds and was stopped."),
    ],
)
def test_the_others_go_on_and_the_reason_is_told(
    world, team, clock, poison, monkeypatch, what, why
):
    for limit in ("PORTION_SECONDS", "QUICK_SECONDS"):
        monkeypatch.setattr(refresh_stale, limit, 0.5)
    poison[team[1]] = what
    deals(world, team)
    assert refresh_stale.refresh_stale(clock=clock) == 2
    assert paid(world, team) == [1600, 0, 1600]
    assert parking.parked()[team[1]].since == world.now
    assert why in parking.parked()[team[1]].problem


def test_portions_without_doubt_come_before_the_rest_of_a_doubtful_one(
    world, team, clock, poison, monkeypatch
):
    """Ana and Bo are one portion, Cy another. Ana's sum fails; Bo is calculated after Cy."""
    monkeypatch.setattr(refresh_stale, "portions", lambda ids: [ids[:2], ids[2:]] if ids else [])
    calculated = []
    ana, bo, cy = team
    poison.update(
        {ana: fails, bo: lambda: calculated.append(bo), cy: lambda: calculated.append(cy)}
    )
    deals(world, team)
    assert refresh_stale.refresh_stale(clock=clock) == 2
    assert calculated == [cy, bo]
    assert paid(world, team) == [0, 1600, 1600]


def test_a_run_with_many_in_doubt_ends_in_time_and_leaves_them_for_the_next(
    world, team, clock, poison, monkeypatch
):
    """A run may take 60 seconds, and each try takes 40: the first portion has failed when half of
    the run is over, so Ana is tried alone, and Bo and Cy wait for the next run."""
    passed = [0.0]
    monkeypatch.setattr(refresh_stale, "portions", lambda ids: [[each] for each in ids])
    monkeypatch.setattr(refresh_stale, "time", SimpleNamespace(monotonic=lambda: passed[0]))

    def fails_late():
        passed[0] += 40
        fails()

    poison |= dict.fromkeys(team, fails_late)
    deals(world, team)
    assert refresh_stale.refresh_stale(clock=clock) == 0
    assert list(parking.parked()) == team[:1]
    poison.clear()
    assert refresh_stale.refresh_stale(clock=clock) == 2


def test_whoever_is_in_doubt_gets_as_much_time_as_the_news_of_the_others(
    world, team, clock, poison, monkeypatch
):
    """Ana's news never come to an end, and each time take two seconds; Bo and Cy, whose last try
    ended its worker, take one each. They do not wait until she is quiet."""
    passed = [0.0]
    monkeypatch.setattr(refresh_stale, "time", SimpleNamespace(monotonic=lambda: passed[0]))
    ana, bo, cy = team
    calculated = []
    amount = itertools.count(400)

    def has_more():
        passed[0] += 2
        calculated.append(ana)
        world.deal(ana, str(next(amount)))

    def takes(payee):
        passed[0] += 1
        calculated.append(payee)

    deals(world, team)
    with writing() as session:
        parking.note_try(session, [bo, cy], world.now)
    poison |= {ana: has_more, bo: lambda: takes(bo), cy: lambda: takes(cy)}
    assert refresh_stale.refresh_stale(clock=clock) == 4
    assert calculated == [ana, bo, cy, ana]


def test_who_is_parked_is_tried_at_growing_pauses(world, team, clock, poison):
    """After 5 s, then 15 s, then 30 s, if nothing changes."""
    tries = []
    poison[team[0]] = lambda: (tries.append(world.now), fails())
    began = world.now
    deals(world, team)
    for _ in range(60):
        refresh_stale.refresh_stale(clock=clock)
        clock.later(1)
    seconds = sorted({(at - began).total_seconds() for at in tries})
    assert seconds == [0, 5, 20, 50]
    assert parking.parked()[team[0]].since == began


def test_a_change_that_may_have_mended_it_ends_the_wait(world, team, clock, poison):
    poison[team[0]] = fails
    deals(world, team)
    refresh_stale.refresh_stale(clock=clock)
    del poison[team[0]]
    assert refresh_stale.refresh_stale(clock=clock) == 0
    with writing() as session:
        markers.mark_stale(session, [team[0]], world.now)
    assert refresh_stale.refresh_stale(clock=clock) == 1
    assert paid(world, team) == [1600, 1600, 1600]
    assert parking.parked() == {}


def test_nobody_waits_for_a_clock_that_was_fast(world, team, clock, poison):
    """Parked by a worker whose clock was an hour fast, and tried by one whose clock is right."""
    poison[team[0]] = fails
    deals(world, team)
    clock.later(3600)
    refresh_stale.refresh_stale(clock=clock)
    clock.later(-3600)
    del poison[team[0]]
    assert refresh_stale.refresh_stale(clock=clock) == 1
    assert parking.parked() == {}


def test_one_that_ends_the_worker_is_found_and_left_for_last(world, team, clock, poison):
    """The first life knows nothing, the second notes the portion, the third tries one by one."""
    poison[team[1]] = ends_the_worker
    deals(world, team)
    with pytest.raises(SystemExit):
        refresh_stale.refresh_stale(clock=clock)
    for _ in range(2):
        with pytest.raises(SystemExit):
            refresh_stale.refresh_stale(clock=clock, careful=True)
    assert refresh_stale.refresh_stale(clock=clock, careful=True) == 1
    assert paid(world, team) == [1600, 0, 1600]
    assert parking.parked()[team[1]].problem == refresh_stale.ENDED_THE_WORKER
    # News of the others do not wait for it, and it is not tried again at every change of its own.
    deals(world, team)
    assert refresh_stale.refresh_stale(clock=clock) == 2


def test_whoever_was_being_tried_when_the_worker_died_is_behind_and_not_parked(world, team):
    """The first portion of a worker is noted before it is made: the age of the numbers must not
    leave them out."""
    deals(world, team)
    with writing() as session:
        parking.note_try(session, team, world.now)
    assert parking.parked() == {}
    assert read_freshness(None, now=world.now + timedelta(minutes=1)).as_of == world.now


def test_a_database_that_is_away_parks_nobody(world, team, clock, monkeypatch):
    def locked(*_, **__):
        raise OperationalError("BEGIN IMMEDIATE", {}, Locked("database is locked"))

    deals(world, team)
    monkeypatch.setattr(refresh_stale, "refresh_payees", locked)
    with pytest.raises(OperationalError, match="database is locked"):
        refresh_stale.refresh_stale(clock=clock)
    assert parking.parked() == {}


def test_who_is_parked_holds_no_numbers_of_others_back(world, team, clock, poison):
    poison[team[0]] = fails
    deals(world, team)
    behind = read_freshness(None, now=world.now + timedelta(seconds=11))
    assert behind.as_of == world.now
    refresh_stale.refresh_stale(clock=clock)
    later = world.now + timedelta(hours=1)
    assert read_freshness(team[0], now=later).as_of is None
    assert read_freshness(team[0], now=later).parked_since == world.now
    assert read_freshness(team[1], now=later).parked_since is None


def test_a_limit_stops_what_never_ends_and_lets_go_of_what_does():
    with pytest.raises(TookTooLong, match=r"longer than 0.05 seconds"), at_most(0.05):
        never_ends()
    with at_most(0.05):
        pass
    time.sleep(0.06)


def test_who_only_waits_for_a_busy_machine_is_given_time_but_not_for_ever():
    with at_most(0.2):
        time.sleep(0.4)
    with pytest.raises(TookTooLong), at_most(0.2):
        time.sleep(60)


def test_a_complaint_while_clearing_up_is_still_that_it_took_too_long():
    def complains():
        try:
            never_ends()
        finally:
            raise ValueError("the connection is in use")

    with pytest.raises(TookTooLong), at_most(0.05):
        complains()


def test_a_limit_within_a_limit_leaves_the_outer_one():
    def within():
        with at_most(5):
            pass
        never_ends()

    with pytest.raises(TookTooLong, match=r"0\.3"), at_most(0.3):
        within()
