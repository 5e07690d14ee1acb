"""Transactions: how a write begins on either database, and the lock that keeps one payee single."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, inspect
from sqlalchemy.orm import Session, SessionTransaction

from incentives.errors import Taken
from incentives.extensions import db
from incentives.store.driver import Driver
from incentives.store.trouble import as_refusal, lost_against_another

_WRITES = "incentives_writes"
_WAITS_FOR_DISK = "incentives_waits_for_disk"
_COMMITTED = "incentives_committed"
_WHOLE = "incentives_whole"

# What SQLite is told of a transaction that waits for the disk, and of one that does not.
SYNCHRONOUS = {True: "FULL", False: "NORMAL"}

# Said to PostgreSQL at every new connection: nobody waits for ever, nobody lets others wait, and
# writers are kept apart by locks, whatever a database is set to. Where it undid those that meet
# instead, eight who revise the same would undo each other again and again.
_PATIENCE = (
    "SET lock_timeout = '15s'",
    "SET idle_in_transaction_session_timeout = '120s'",
    "SET default_transaction_isolation = 'read committed'",
)


def configure_engine(engine: Engine) -> None:
    """SQLite settings under which nothing acknowledged is lost and no writer fails at once.

    A transaction that will write takes the write lock when it begins (BEGIN IMMEDIATE): one that
    read first and wrote later would be refused at once whenever somebody else had written.
    """
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _be_patient)
        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        record.info[_WAITS_FOR_DISK] = True
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={SYNCHRONOUS[True]}",
            "foreign_keys=ON",
            "busy_timeout=15000",
            "cache_size=-64000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        options = connection.get_execution_options()
        waits = options.get(_WAITS_FOR_DISK, True)
        if connection.info[_WAITS_FOR_DISK] != waits:
            connection.exec_driver_sql(f"PRAGMA synchronous={SYNCHRONOUS[waits]}")
            connection.info[_WAITS_FOR_DISK] = waits
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITES) else "BEGIN")


def _be_patient(connection: Any, _: Any) -> None:
    with connection.cursor() as cursor:
        for setting in _PATIENCE:
            cursor.execute(setting)
    connection.commit()


@contextmanager
def writing(*, can_be_redone: bool = False) -> Iterator[Session]:
    """One transaction that writes: committed at the end, undone as a whole by any error.

    What `can_be_redone`, because it is worked out from what is stored, does not wait for the disk:
    after a power cut it may be missing as a whole, and is worked out again. A killed process loses
    none of it.

    Raises Taken where somebody else was quicker with a name, an id or a day that is given once.
    """
    session = db.session()
    whole: _Whole | None = session.info.get(_WHOLE)
    if whole is not None and whole.has_begun(session):
        with _taken_as_refusal(), session.begin_nested():
            yield session
        return
    session.rollback()
    with _taken_as_refusal(), _all_or_nothing(session):
        _begin(session, can_be_redone=can_be_redone)
        if whole is None:
            yield session
            _commit(session)
        else:
            whole.begin(session)
            yield session
            session.flush()


def _begin(session: Session, *, can_be_redone: bool) -> None:
    options = {_WRITES: True, _WAITS_FOR_DISK: not can_be_redone}
    connection = session.connection(execution_options=options)
    if can_be_redone and connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


class _Whole:
    """A transaction of several operations: what comes first in it, and what is done after it."""

    def __init__(self, comes_first: Callable[[Session], None]) -> None:
        self._comes_first = comes_first
        self._transaction: SessionTransaction | None = None
        self.afterwards: list[Callable[[], None]] = []

    def begin(self, session: Session) -> None:
        self._transaction = session.get_transaction()
        self.afterwards.clear()
        self._comes_first(session)

    def has_begun(self, session: Session) -> bool:
        return self._transaction is not None and session.get_transaction() is self._transaction


@contextmanager
def as_one(comes_first: Callable[[Session], None]) -> Iterator[None]:
    """All that is written inside is one transaction, however many operations write it: committed
    at the end, undone as a whole by any error. It begins with `comes_first`, and not before
    something is written, so that nobody is kept waiting by what is only read."""
    session = db.session()
    whole = session.info[_WHOLE] = _Whole(comes_first)
    try:
        with _all_or_nothing(session):
            yield
            assert whole.has_begun(session), "what was written must not have been undone"
            _commit(session)
    finally:
        session.info.pop(_WHOLE, None)
    for do in whole.afterwards:
        do()


@contextmanager
def one_at_a_time(what: str) -> Iterator[None]:
    """One transaction that nobody begins for the same thing before it has ended: who looks first
    inside, and writes then, has not looked at what somebody else is just changing."""
    with as_one(lambda session: _lock_name(session, what)), writing():
        yield


def _lock_name(session: Session, name: str) -> None:
    """SQLite has one writer anyway."""
    driver = Driver(session)
    if driver.is_postgres:
        driver.rows("SELECT pg_advisory_xact_lock(hashtext('one at a time'), hashtext(?))", name)


def once_committed(do: Callable[[], None]) -> None:
    """Do something that only means something once others can see what was written: now, or where
    that is a part of `as_one`, after the whole."""
    whole: _Whole | None = db.session().info.get(_WHOLE)
    if whole is None:
        do()
    else:
        whole.afterwards.append(do)


def _commit(session: Session) -> None:
    # Noted first: where the connection is lost in a commit, nobody knows whether it was done.
    session.info[_COMMITTED] = True
    session.commit()


@contextmanager
def _all_or_nothing(session: Session) -> Iterator[None]:
    before = session.info.get(_COMMITTED, False)
    try:
        yield
    except BaseException as error:
        session.rollback()
        if lost_against_another(error):
            session.info[_COMMITTED] = before
        raise


@contextmanager
def _taken_as_refusal() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        refusal = as_refusal(error)
        if isinstance(refusal, Taken):
            raise refusal from error
        raise


def undo() -> None:
    """Let go of what was read and not committed, and of a connection that is no more."""
    db.session.rollback()


def let_go() -> None:
    """Close the connection in use, of which nobody knows in what state it is."""
    db.session().invalidate()
    db.session.remove()


def forget_commits() -> None:
    db.session().info.pop(_COMMITTED, None)


def has_committed() -> bool:
    """Whether something was, or may have been, committed since `forget_commits`."""
    return bool(db.session().info.get(_COMMITTED))


def lock_payee(session: Session, payee_id: int) -> None:
    """Keep two recalculations of one payee apart until the transaction ends.

    SQLite has one writer anyway. On PostgreSQL, without it, one in ten pairs of recalculations
    left a wrong total for good.
    """
    lock_payees(session, [payee_id])


def lock_payees(session: Session, payee_ids: Iterable[int]) -> None:
    """The same for several; in one order by everybody, so that nobody waits in a circle."""
    driver = Driver(session)
    if driver.is_postgres:
        driver.rows(
            "SELECT pg_advisory_xact_lock(id) FROM unnest(?::bigint[]) AS ids (id)",
            sorted(payee_ids),
        )


def database_kind() -> str:
    """What holds the truth, and its version: SQLite 3.40.1. Asked once something was read."""
    dialect = db.engine.dialect
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(dialect.name, dialect.name)
    version = getattr(dialect, "server_version_info", None) or ()
    return f"{name} {'.'.join(str(part) for part in version)}".strip()


def has_schema() -> bool:
    """Whether the database has been brought to a schema at all."""
    return inspect(db.engine).has_table("company")
