"""How the harness and the judge read a database: by plain SQL and its driver, never by the code
under test."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg

SQLITE, POSTGRES = "sqlite", "postgres"


class Database:
    """One database of a house, read and hurt by plain SQL. Statements are written with `?`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.kind = SQLITE if url.startswith("sqlite") else POSTGRES
        self.path = url.removeprefix("sqlite:///")

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with closing(self.connect()) as connection:
            found = connection.execute(self.said(statement), parameters)
            return list(found.fetchall()) if found.description else []

    def schema(self) -> list[str]:
        """Tables, columns, indexes, keys and triggers, each as a text."""
        if self.kind == SQLITE:
            rows = self.rows("SELECT type, name, sql FROM sqlite_master")
        else:
            rows = self.rows(_POSTGRES_SCHEMA)
        return sorted(" ".join(str(part) for part in row) for row in rows)

    def make_serializable(self) -> None:
        """For every connection that is made from now on."""
        [(name,)] = self.rows("SELECT current_database()")
        self.rows(f"ALTER DATABASE {name} SET default_transaction_isolation TO 'serializable'")

    def connect(self) -> Any:
        """A connection that commits each statement by itself."""
        if self.kind == SQLITE:
            return sqlite3.connect(self.path, timeout=15, isolation_level=None)
        plain = self.url.replace("postgresql+psycopg://", "postgresql://", 1)
        return psycopg.connect(plain, autocommit=True, connect_timeout=5)

    def said(self, statement: str) -> str:
        return statement if self.kind == SQLITE else statement.replace("?", "%s")


def wait_for(what: Callable[[], object], seconds: float, *, every: float = 0.05) -> float:
    """Wait until `what()` is true; returns after how many seconds it was, or raises TimeoutError.

    A database that does not answer is one that is not there yet.
    """
    begun = time.monotonic()
    while True:
        try:
            if what():
                return time.monotonic() - begun
        except (sqlite3.Error, psycopg.Error, OSError):
            pass
        if time.monotonic() - begun > seconds:
            raise TimeoutError(f"not within {seconds:.0f} s")
        time.sleep(every)


_POSTGRES_SCHEMA = """
SELECT table_name, column_name, data_type || is_nullable || coalesce(column_default, '')
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
FROM pg_trigger WHERE NOT tgisinternal
"""
