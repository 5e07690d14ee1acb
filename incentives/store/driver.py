"""Statements straight to the driver of the database, for rows that come by the thousand.

SQLAlchemy's care for each row costs more than all that is done with it here. Statements run inside
the session's transaction, and what goes wrong is raised as SQLAlchemy would. They are written with
`?` for each parameter, before them `IN :ids` where a column is one of several.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import chain, islice
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from incentives.store.parts import in_parts

Row = tuple[Any, ...]
# A COPY asks PostgreSQL three times, whatever it brings.
_WORTH_COPYING = 50


class Driver:
    def __init__(self, session: Session) -> None:
        # What was only added to the session has to be there, too.
        session.flush()
        connection = session.connection()
        self._dialect = connection.dialect
        self.is_postgres = self._dialect.name == "postgresql"
        raw = connection.connection.driver_connection
        assert raw is not None, "a connection in use has its driver"
        # What PostgreSQL sends as binary has not to be read out of texts.
        self._cursor = raw.cursor(binary=True) if self.is_postgres else raw.cursor()

    def rows(
        self, statement: str, *parameters: Any, ids: Collection[Any] | None = None
    ) -> list[Row]:
        if ids is not None:
            statement, listed = self._among(statement, ids)
            parameters = (*listed, *parameters)
        with self._errors_as_always(statement):
            found: list[Row] = self._cursor.execute(self._said(statement), parameters).fetchall()
        return found

    def rows_in_parts(self, statement: str, *parameters: Any, ids: Collection[Any]) -> list[Row]:
        """The rows of any number of ids, in order of the ids."""
        parts = (self.rows(statement, *parameters, ids=part) for part in in_parts(ids))
        return list(chain.from_iterable(parts))

    def run_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        several = list(rows)
        with self._errors_as_always(statement):
            if len(several) == 1:
                self._cursor.execute(self._said(statement), several[0])
            else:
                self._cursor.executemany(self._said(statement), several)

    def append(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Add rows to a table: in one statement, or in a COPY where they are many on PostgreSQL."""
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        insert = f"INSERT INTO {table} ({names}) VALUES "  # noqa: S608  ours alone
        rest = iter(rows)
        with self._errors_as_always(insert):
            if not self.is_postgres:
                self._cursor.executemany(f"{insert}({marks})", rest)
                return
            some = list(islice(rest, _WORTH_COPYING))
            if len(some) == _WORTH_COPYING:
                with self._cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in chain(some, rest):
                        copy.write_row(row)
            elif some:
                several = self._said(", ".join([f"({marks})"] * len(some)))
                self._cursor.execute(insert + several, list(chain.from_iterable(some)))

    def instant(self, moment: datetime) -> datetime | str:
        """An instant as it is kept: SQLite keeps texts, without the zone, which is UTC."""
        utc = moment.astimezone(UTC)
        if self.is_postgres:
            return utc
        return utc.replace(tzinfo=None).isoformat(" ", "microseconds")

    @contextmanager
    def _errors_as_always(self, statement: str) -> Iterator[None]:
        known = self._dialect.loaded_dbapi.Error
        try:
            yield
        except known as error:
            raise DBAPIError.instance(
                statement, None, error, known, dialect=self._dialect
            ) from error

    def _among(self, statement: str, ids: Collection[Any]) -> tuple[str, list[Any]]:
        if len(ids) == 1:
            return statement.replace("IN :ids", "= ?"), list(ids)
        if self.is_postgres:
            return statement.replace("IN :ids", "= ANY(?)"), [list(ids)]
        marks = ", ".join("?" * len(ids))
        return statement.replace("IN :ids", f"IN ({marks})"), list(ids)

    def _said(self, statement: str) -> str:
        return statement.replace("?", "%s") if self.is_postgres else statement


def as_instant(stored: datetime | str) -> datetime:
    """An instant as it was read."""
    if isinstance(stored, str):
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    return stored.astimezone(UTC)


def as_day(stored: date | str) -> date:
    """A day as it was read: SQLite keeps days as texts, too."""
    return stored if isinstance(stored, date) else date.fromisoformat(stored)
