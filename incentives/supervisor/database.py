"""The database before anything uses it: reachable, copied when it will change, and up to date."""

from datetime import UTC, datetime
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError

from incentives.sqlite_copy import copy_sqlite
from incentives.supervisor.messages import CannotStart
from incentives.supervisor.processes import PROJECT

MIGRATIONS = PROJECT / "migrations"


class Database:
    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url)
            self.engine: Engine = create_engine(self.url)
        except (ArgumentError, ImportError) as error:
            raise CannotStart(f"DATABASE_URL cannot be used: {error}") from error

    def has_pending_migrations(self) -> bool:
        return self.revisions() != set(ScriptDirectory(str(MIGRATIONS)).get_heads())

    def revisions(self) -> set[str]:
        try:
            with self.engine.connect() as connection:
                return set(MigrationContext.configure(connection).get_current_heads())
        except OperationalError as error:
            raise CannotStart(f"The database does not answer: {error.orig}") from error

    def is_empty(self) -> bool:
        """Nobody is in the company yet."""
        if not inspect(self.engine).has_table("person"):
            return True
        with self.engine.connect() as connection:
            return connection.execute(text("SELECT 1 FROM person LIMIT 1")).first() is None

    def copy_before_migration(self, backups: Path) -> Path | None:
        """A SQLite file is copied whole; a PostgreSQL has its own backups (docs/operations.md)."""
        if self.url.get_backend_name() != "sqlite" or not self.url.database:
            return None
        original = Path(self.url.database)
        if not original.exists() or not self.revisions():
            return None
        backups.mkdir(mode=0o700, exist_ok=True)
        copy = backups / f"before-upgrade-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.db"
        copy_sqlite(original, copy)
        return copy

    def close(self) -> None:
        self.engine.dispose()
