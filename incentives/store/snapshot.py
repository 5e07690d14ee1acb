"""The database as it is at one moment, read only: for whoever compares parts of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from incentives.extensions import db
from incentives.store.driver import Driver, Row

_AT_ONCE = 2_000


class Snapshot(Driver):
    """Statements on one moment of the database, however long the reading takes."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._names = 0

    def stream(self, statement: str, *parameters: Any) -> Iterator[Row]:
        """The rows one after the other; only a part of them is ever in memory."""
        connection = self._cursor.connection
        if self.is_postgres:
            self._names += 1
            with connection.cursor(name=f"stream_{self._names}") as cursor:
                cursor.itersize = _AT_ONCE
                yield from cursor.execute(self._said(statement), parameters)
            return
        yield from connection.cursor().execute(statement, parameters)

    def tables(self) -> set[str]:
        return {table for table, *_ in self.columns()}

    def columns(self) -> list[tuple[str, str, str]]:
        """Table, column and type in small letters, of every table of ours."""
        if self.is_postgres:
            rows = self.rows(
                "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c "
                "WHERE c.table_schema = current_schema() ORDER BY 1, c.ordinal_position"
            )
        else:
            rows = self.rows(
                "SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c "
                "WHERE m.type = 'table' ORDER BY m.name, c.cid"
            )
        return [(table, column, kind.lower()) for table, column, kind in rows]

    def triggers(self) -> dict[str, set[str]]:
        """The triggers of each table that are switched on."""
        if self.is_postgres:
            rows = self.rows(
                "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') "
                "AND c.relnamespace = current_schema()::regnamespace"
            )
        else:
            rows = self.rows("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        found: dict[str, set[str]] = {}
        for table, name in rows:
            found.setdefault(table, set()).add(name)
        return found

    def unique_keys(self, table: str) -> list[set[str]]:
        """The columns of each primary key and unique constraint of a table."""
        if self.is_postgres:
            rows = self.rows(
                "SELECT i.indexrelid, a.attname FROM pg_index i "
                "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
                "WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL "
                "AND i.indrelid = ?::regclass",
                table,
            )
        else:
            rows = self.rows(
                "SELECT l.name, c.name FROM pragma_index_list(?) l, pragma_index_info(l.name) c "
                'WHERE l."unique" AND NOT l.partial',
                table,
            )
            key = "SELECT 'pk', name FROM pragma_table_info(?) WHERE pk > 0"
            rows += self.rows(key, table)
        keys: dict[Any, set[str]] = {}
        for name, column in rows:
            keys.setdefault(name, set()).add(column)
        return list(keys.values())


@contextmanager
def one_moment() -> Iterator[Snapshot]:
    """Everything read inside is of one moment, also by way of the session. Nothing is written."""
    session = db.session()
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        session.connection(execution_options=options)
    try:
        snapshot = Snapshot(session)
        # The moment is that of the first look.
        snapshot.rows("SELECT 1 FROM company")
        yield snapshot
    finally:
        session.rollback()


def refusal_of(statement: str) -> str | None:
    """How the database refuses a statement; None where it does not. Whatever it does is undone."""
    with db.engine.connect() as connection:
        connection = connection.execution_options(incentives_writes=True)
        with connection.begin() as transaction:
            try:
                connection.exec_driver_sql(statement)
            except OperationalError:
                # Nobody has refused: it was busy, or away.
                raise
            except DBAPIError as error:
                return str(error.orig).splitlines()[0]
            finally:
                transaction.rollback()
    return None
