"""Databases for houses: the company is built once for each kind, and copied."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from incentives.supervisor.processes import PROJECT
from tests.faults.reading import SQLITE, Database, wait_for
from tests.services.postgres_server import PostgresServer, address

# What was acknowledged must outlive a kill of the server, so commits wait for the log here.
SETTINGS = ("fsync=off", "full_page_writes=off", "max_connections=80")


class Databases:
    """Makes a database with the company in it for each house that asks."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._templates: dict[str, list[str]] = {}
        self.server: PostgresServer | None = None
        self._count = 0

    def make(self, kind: str, directory: Path) -> tuple[Database, list[str]]:
        """A fresh copy of the company, and the keys to its API."""
        if kind not in self._templates:
            self._templates[kind] = self._build(kind)
        self._count += 1
        if kind == SQLITE:
            path = directory / "incentives.db"
            shutil.copy(self._directory / "company.db", path)
            return Database(f"sqlite:///{path}"), self._templates[kind]
        name = f"house_{self._count}"
        self._in_postgres(f"CREATE DATABASE {name} TEMPLATE company")
        # Or else its sequences would fall back to the copy's when the server is restarted at once:
        # PostgreSQL thinks that the numbers it may give out are in the log already.
        self._in_postgres("CHECKPOINT")
        return Database(self._postgres_url(name)), self._templates[kind]

    def make_empty(self, kind: str, directory: Path) -> Database:
        self._count += 1
        name = f"empty_{self._count}"
        if kind == SQLITE:
            return Database(f"sqlite:///{directory / name}.db")
        self._in_postgres(f"CREATE DATABASE {name}")
        return Database(self._postgres_url(name))

    def _build(self, kind: str) -> list[str]:
        if kind == SQLITE:
            return self._company(f"sqlite:///{self._directory / 'company.db'}")
        self.server = PostgresServer(
            Path(tempfile.mkdtemp(prefix="incentives-faults-")), settings=SETTINGS
        )
        self._in_postgres("CREATE DATABASE company")
        return self._company(self._postgres_url("company"))

    def _company(self, url: str) -> list[str]:
        built = subprocess.run(
            [sys.executable, "-m", "tests.faults.company", str(self._directory), url],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            check=True,
        )
        keys: list[str] = json.loads(built.stdout)
        return keys

    def _in_postgres(self, statement: str) -> None:
        assert self.server is not None
        with psycopg.connect(address(self.server.directory, "postgres"), autocommit=True) as to:
            to.execute(statement.encode())

    def _postgres_url(self, name: str) -> str:
        assert self.server is not None
        plain = address(self.server.directory, name)
        return plain.replace("postgresql://", "postgresql+psycopg://", 1)

    def kill_a_backend(self, database: Database) -> None:
        """As the kernel does when memory is short; PostgreSQL then ends all the others, too."""
        found = database.rows(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )
        os.kill(found[0][0], signal.SIGKILL)
        self._wait_until_up()

    def restart_server(self) -> None:
        """At once, without a farewell: SIGQUIT is what `pg_ctl restart -m immediate` sends."""
        assert self.server is not None
        self.server.process.send_signal(signal.SIGQUIT)
        self.server.process.wait(timeout=20)
        self.server.process = self.server.start()
        self._wait_until_up()

    def _wait_until_up(self) -> None:
        assert self.server is not None
        directory = self.server.directory
        wait_for(lambda: psycopg.connect(address(directory, "postgres")).close() is None, 30)

    def end(self) -> None:
        if self.server is not None:
            self.server.stop()
            shutil.rmtree(self.server.directory)


@contextmanager
def databases() -> Iterator[Databases]:
    with tempfile.TemporaryDirectory(prefix="incentives-faults-") as directory:
        made = Databases(Path(directory))
        try:
            yield made
        finally:
            made.end()


def environment(**settings: str) -> dict[str, str]:
    """Of a process of ours: nothing of the developer's shell decides anything."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", **settings}
