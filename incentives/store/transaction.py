"""Transactions: how a write begins on either database, and the lock that keeps one payee single."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, inspect
from sqlalchemy.orm import Session

from incentives.errors import Taken
from incentives.extensions import db
from incentives.store.driver import Driver
from incentives.store.trouble import as_refusal, lost_against_another

_WRITES = "incentives_writes"
_COMMITTED = "incentives_committed"

# Said to PostgreSQL at every new connection: nobody waits for ever, and nobody lets others wait.
_PATIENCE = (
    "SET lock_timeout = '15s'",
    "SET idle_in_transaction_session_timeout = '120s'",
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
    def set_pragmas(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=15000",
            "cache_size=-64000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _be_patient(connection: Any, _: Any) -> None:
    with connection.cursor() as cursor:
        for setting in _PATIENCE:
            cursor.execute(setting)
    connection.commit()


@contextmanager
def writing() -> Iterator[Session]:
    """One transaction that writes: committed at the end, undone as a whole by any error.

    Raises Taken where somebody else was quicker with a name, an id or a day that is given once.
    """
    session = db.session()
    session.rollback()
    before = session.info.get(_COMMITTED, False)
    try:
        session.connection(execution_options={_WRITES: True})
        yield session
        # Noted first: where the connection is lost in a commit, nobody knows whether it was done.
        session.info[_COMMITTED] = True
        session.commit()
    except BaseException as error:
        session.rollback()
        if lost_against_another(error):
            session.info[_COMMITTED] = before
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
