"""Safeguards that can be left out, to show that each is needed: a survived fault counts only if the
same recipe breaks a service without the safeguard. The product has no such switches; patched.py
takes the code out of the harness's own processes, and the database's part is taken out by SQL."""

from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from unittest import mock

from tests.faults.figures import PAYEES
from tests.faults.reading import POSTGRES, SQLITE, Database


def _nothing(database: Database | None = None) -> None:
    """Most safeguards are in the code or in the database, not in both."""


@dataclass(frozen=True)
class Safeguard:
    """`recipe` is the one that fails without it. `beside` are safeguards that catch the same fault
    first: they are left out on both sides of the comparison."""

    what: str
    recipe: str
    # What is said of the service without it. Else the harness itself may be broken.
    shows: str
    database: str = SQLITE
    take_out: Callable[[], None] = _nothing
    prepare: Callable[[Database], None] = _nothing
    beside: tuple[str, ...] = ()
    # How many there are, where the comparison needs fewer than the recipe's house has.
    payees: int | None = None
    # Seconds after which it will not get better by waiting.
    limit: float = 25.0


def _believe_the_first_look() -> None:
    """Nobody waits for another refresh, and none looks whether it was overtaken."""
    from incentives.operations import refresh_payees

    store = refresh_payees._store

    def careless(due, **how):
        first = {each.payee_id: each for each in due}
        with (
            mock.patch.object(
                refresh_payees.markers,
                "seen",
                lambda _, ids: {payee: first[payee].seen for payee in ids},
            ),
            mock.patch.object(
                refresh_payees,
                "last_postings",
                lambda _, ids: {payee: first[payee].last for payee in ids},
            ),
            mock.patch.object(refresh_payees, "lock_payees"),
        ):
            return store(due, **how)

    refresh_payees._store = careless


def _drop_ledger_keys(database: Database) -> None:
    for table in ("posted_line", "posting"):
        database.rows(f"ALTER TABLE {table} DROP CONSTRAINT pk_{table}")


def _drop_activity_key(database: Database) -> None:
    database.rows("ALTER TABLE activity DROP CONSTRAINT uq_activity_source_external_id")


def drop_triggers(database: Database) -> None:
    """Those that keep the ledger from being changed."""
    tables = ("posted_line", "posting", "line_terms")
    if database.kind == POSTGRES:
        for table in tables:
            database.rows(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        return
    for name, table in database.rows(
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    ):
        if table in tables:
            database.rows(f"DROP TRIGGER {name}")


def _sweep_nothing() -> None:
    from workers import ticker

    ticker.sweep = lambda **_: None


def _retry_nothing() -> None:
    from incentives import queue

    queue.Retry = lambda **_: None


def _know_nobody() -> None:
    """Intake does not look whether it has an activity already; the key of the table is there."""
    from incentives.operations import record_activities

    record_activities._Intake._look_up = lambda *_: {}


def _begin_without_the_lock() -> None:
    from sqlalchemy.engine import Connection

    execute = Connection.exec_driver_sql

    def deferred(connection, statement, *arguments, **more):
        statement = statement.replace("BEGIN IMMEDIATE", "BEGIN")
        return execute(connection, statement, *arguments, **more)

    Connection.exec_driver_sql = deferred


def _mark_afterwards() -> None:
    """Who is behind is noted in a transaction of its own, after the activity's."""
    from incentives.operations import record_activities
    from incentives.store.transaction import writing

    mark, ask = record_activities.mark_behind, record_activities.ask_for_refresh
    pause = record_activities.pause_at
    later: deque = deque()

    def mark_and_ask():
        with writing() as session:
            while later:
                mark(session, *later.popleft())
        ask()

    record_activities.mark_behind = lambda session, *rest: later.append(rest)
    record_activities.ask_for_refresh = mark_and_ask
    record_activities.pause_at = pause


def _keep_afterwards() -> None:
    """What a key was answered is kept in a transaction of its own, after that of the work."""
    from incentives.operations import answer_once

    answer_once.as_one = lambda _: nullcontext()


def _wait_for_ever() -> None:
    from incentives.operations import refresh_stale

    for limit in ("PORTION_SECONDS", "QUICK_SECONDS", "LONGEST_SECONDS"):
        setattr(refresh_stale, limit, 600.0)


SAFEGUARDS = {
    "apart": Safeguard(
        "a refresh that was overtaken is made again; a lock for each payee",
        "F6B",
        "follows from the facts",
        # SQLite has one writer anyway.
        POSTGRES,
        take_out=_believe_the_first_look,
    ),
    "ledger-keys": Safeguard(
        "the keys of the ledger's tables",
        "F6",
        "follows from the facts",
        POSTGRES,
        prepare=_drop_ledger_keys,
        beside=("apart",),
    ),
    "activity-key": Safeguard(
        "an activity's id is unique in the database",
        "F26",
        "ten at once were answered",
        POSTGRES,
        prepare=_drop_activity_key,
    ),
    "triggers": Safeguard(
        "the database refuses to change the ledger",
        "F25",
        "was answered with nothing",
        prepare=drop_triggers,
    ),
    "sweeper": Safeguard("the sweeper", "F13", "is still behind", take_out=_sweep_nothing),
    # Of jobs that end with an error: one that was killed is the sweeper's alone.
    "retry": Safeguard(
        "RQ's own retry of a job, where there is no sweeper",
        "F21Q",
        "is still behind",
        POSTGRES,
        take_out=_retry_nothing,
        beside=("sweeper",),
    ),
    "time-limit": Safeguard(
        "a sum may take only so long",
        "F8",
        "is still behind",
        take_out=_wait_for_ever,
        limit=120.0,
        payees=PAYEES,
    ),
    "known-ids": Safeguard(
        "intake knows what it has already taken in",
        "F20",
        "first, second and expected second answers",
        take_out=_know_nobody,
    ),
    "begin-immediate": Safeguard(
        "who will write takes SQLite's lock first",
        "F18",
        "clients were told",
        take_out=_begin_without_the_lock,
    ),
    "marker-within": Safeguard(
        "who is behind is noted in the transaction of the activity",
        "F20",
        "follows from the facts",
        take_out=_mark_afterwards,
    ),
    "key-within": Safeguard(
        "an Idempotency-Key is kept in the transaction of its work",
        "F20",
        "first, second and expected second answers",
        take_out=_keep_afterwards,
    ),
}
