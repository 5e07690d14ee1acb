"""The database as a file and back, by the tools of each database."""

from pathlib import Path
from typing import Protocol

from sqlalchemy import URL

from incentives.store.backups.postgres import PostgresBackups
from incentives.store.backups.sqlite import SqliteBackups


class Backups(Protocol):
    """Raises Refused with a sentence where something cannot be done."""

    def write(self, file: Path) -> None:
        """Put one moment of the database into a new file."""

    def is_empty(self) -> bool:
        """Whether nobody is in the database yet, so that nothing is lost by replacing it."""

    def read(self, file: Path) -> None:
        """Put the file in the place of the database. The service must not run."""


def backups_of(url: URL) -> Backups:
    if url.get_backend_name() == "sqlite":
        return SqliteBackups(Path(url.database or ""))
    return PostgresBackups(url)
