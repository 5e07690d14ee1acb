"""Backups of a SQLite file: a file of the same kind, plain or packed with gzip."""

import gzip
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from incentives.errors import Refused
from incentives.sqlite_copy import copy_sqlite

_GZIP = b"\x1f\x8b"


class SqliteBackups:
    def __init__(self, database: Path) -> None:
        self._database = database

    def write(self, file: Path) -> None:
        if not self._database.exists():
            raise Refused("no_database", f"There is no database at {self._database}.")
        with _aside(file) as copy:
            copy_sqlite(self._database, copy)
            with closing(sqlite3.connect(copy)) as connection:
                # One file, without a log beside it.
                connection.execute("PRAGMA journal_mode = DELETE")
            _check(copy)
            if file.suffix == ".gz":
                _pack(copy)
            _put(copy, file)

    def is_empty(self) -> bool:
        if not self._database.exists():
            return True
        with closing(sqlite3.connect(self._database)) as connection:
            return not _has_people(connection)

    def read(self, file: Path) -> None:
        with _aside(self._database) as copy:
            _unpack(file, copy)
            _check(copy)
            self._clear_log()
            _put(copy, self._database)

    def _clear_log(self) -> None:
        """What stands in the log belongs to the file that is there now, and goes into it: beside
        another file it would destroy that one."""
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(self._database)) as before:
            before.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for ending in ("-wal", "-shm"):
            Path(f"{self._database}{ending}").unlink(missing_ok=True)


@contextmanager
def _aside(file: Path) -> Iterator[Path]:
    """A place beside a file to work in: what is half done never bears its name."""
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield aside
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            Path(f"{aside}{ending}").unlink(missing_ok=True)


def _put(copy: Path, file: Path) -> None:
    """Under its name only when it is safe on the disk."""
    copy.chmod(0o600)
    with open(copy, "rb+") as written:
        os.fsync(written.fileno())
    copy.replace(file)


def _pack(copy: Path) -> None:
    packed = copy.with_name(f"{copy.name}-journal")
    with open(copy, "rb") as plain, gzip.open(packed, "wb", compresslevel=6) as target:
        shutil.copyfileobj(plain, target)
    packed.replace(copy)


def _unpack(file: Path, copy: Path) -> None:
    try:
        with open(file, "rb") as given:
            is_packed = given.read(2) == _GZIP
        with gzip.open(file) if is_packed else open(file, "rb") as source:
            with open(copy, "wb") as target:
                shutil.copyfileobj(source, target)
    except (OSError, EOFError) as error:
        raise Refused("unreadable", f"{file} cannot be read: {error}.") from error


def _check(copy: Path) -> None:
    """Refuse what is no whole database of ours."""
    try:
        with closing(sqlite3.connect(copy)) as connection:
            answers = connection.execute("PRAGMA integrity_check").fetchall()
            _has_people(connection)
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise Refused("no_backup", f"This is no database of Incentives: {error}.") from error
    if answers != [("ok",)]:
        raise Refused("damaged", f"The copy is damaged: {answers[0][0]}.")


def _has_people(connection: sqlite3.Connection) -> bool:
    tables = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'person'").fetchone()
    if tables is None:
        return False
    return connection.execute("SELECT 1 FROM person LIMIT 1").fetchone() is not None
