"""Backups of a PostgreSQL database, by its own client programs."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL

from incentives.errors import Refused
from incentives.extensions import db

_NAMES = {"dbname": "PGDATABASE", "hostaddr": "PGHOSTADDR"}


class PostgresBackups:
    def __init__(self, url: URL) -> None:
        self._conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)

    def write(self, file: Path) -> None:
        aside = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            # Its own packing; one moment of the database, however long it takes.
            self._run("pg_dump", "--format=custom", "--no-owner", "--file", str(aside))
            self._run("pg_restore", "--list", "--file", os.devnull, str(aside))
            aside.chmod(0o600)
            aside.replace(file)
        finally:
            aside.unlink(missing_ok=True)

    def is_empty(self) -> bool:
        try:
            with psycopg.connect(self._conninfo, connect_timeout=5) as connection:
                if connection.execute("SELECT to_regclass('person')").fetchone() == (None,):
                    return True
                return connection.execute("SELECT 1 FROM person LIMIT 1").fetchone() is None
        except psycopg.OperationalError as error:
            raise Refused("away", f"The database does not answer: {error}") from error

    def read(self, file: Path) -> None:
        """In one transaction, which begins with all of ours going away: what came after an older
        backup, and refers to what is in it, would be in the way."""
        with TemporaryDirectory() as directory:
            script, clear = Path(directory, "restore.sql"), Path(directory, "clear.sql")
            restore = ("pg_restore", "--clean", "--if-exists", "--no-owner", "--exit-on-error")
            self._run(*restore, "--file", str(script), str(file))
            clear.write_text(self._drops())
            self._run(
                *("psql", "--no-psqlrc", "--quiet", "--single-transaction"),
                *("--set", "ON_ERROR_STOP=1", "--output", os.devnull),
                *("--file", str(clear), "--file", str(script)),
            )

    def _drops(self) -> str:
        """Statements that take away the tables this service knows, and what their triggers call."""
        ours = [*db.metadata.tables, "alembic_version"]
        with psycopg.connect(self._conninfo, connect_timeout=5) as connection:
            tables = connection.execute(
                "SELECT oid::regclass::text FROM pg_class WHERE relname = ANY(%s) "
                "AND relkind = 'r' AND relnamespace = current_schema()::regnamespace",
                [ours],
            ).fetchall()
            functions = connection.execute(
                "SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger "
                "WHERE NOT tgisinternal AND tgrelid = ANY(%s::regclass[])",
                [[table for (table,) in tables]],
            ).fetchall()
        return "".join(
            [f"DROP TABLE {table} CASCADE;\n" for (table,) in tables]
            + [f"DROP FUNCTION {function} CASCADE;\n" for (function,) in functions]
        )

    def _run(self, program: str, *arguments: str) -> None:
        try:
            done = subprocess.run(
                [program, *arguments],
                env={**os.environ, **self._environ()},
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError as error:
            raise Refused(
                "no_client",
                f"{program} is not installed here. Install PostgreSQL's client programs of the "
                "server's version, or back the database up where it runs.",
            ) from error
        if done.returncode:
            raise Refused("failed", f"{program} could not do it: {done.stderr.strip()}")

    def _environ(self) -> dict[str, str]:
        """Who and where, by the environment: a command line is for everybody to read."""
        said = conninfo_to_dict(self._conninfo)
        environ = {_NAMES.get(name, f"PG{name.upper()}"): str(said[name]) for name in said}
        # A service that still runs would be waited for, for ever.
        return {**environ, "PGOPTIONS": "-c lock_timeout=10s"}
