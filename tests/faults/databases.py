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
from tests.faults.volume import Volume
from tests.services.postgres_server import PostgresServer, address

# What was acknowledged must outlive a kill of the server, so commits wait for the log here.
SETTINGS = ("fsync=off", "full_page_writes=off", "max_connections=80")


class Databases:
    """Makes a database with the company in it for each house that asks."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._templates: dict[tuple[str, int], list[str]] = {}
        self.server: PostgresServer | None = None
        self._count = 0

    def make(
        self, kind: str, payees: int, directory: Path, volume: Volume | None = None
    ) -> tuple[Database, list[str]]:
        """A fresh copy of the company with so many payees, and the keys to its API. It is on the
        volume where there is one."""
        if (kind, payees) not in self._templates:
            self._templates[kind, payees] = self._build(kind, payees)
        keys = self._templates[kind, payees]
        self._count += 1
        company = _company_of(payees)
        if kind == SQLITE:
            path = (volume.directory if volume else directory) / "incentives.db"
            shutil.copy(self._directory / f"{company}.db", path)
            return Database(f"sqlite:///{path}"), keys
        name = f"house_{self._count}"
        place = f" TABLESPACE {self._tablespace(volume)}" if volume else ""
        self._in_postgres(f"CREATE DATABASE {name} TEMPLATE {company}{place}")
        # Or else its sequences would fall back to the copy's when the server is restarted at once:
        # PostgreSQL thinks that the numbers it may give out are in the log already.
        self._in_postgres("CHECKPOINT")
        return Database(self._postgres_url(name)), keys

    def _tablespace(self, volume: Volume) -> str:
        """On the volume, which then belongs to the server; its log is elsewhere and has room."""
        assert self.server is not None
        if self.server.user:
            shutil.chown(volume.directory, self.server.user)
        name = f"volume_{self._count}"
        self._in_postgres(f"CREATE TABLESPACE {name} LOCATION '{volume.directory}'")
        return name

    def leave_volume(self, database: Database) -> None:
        """Take a database of PostgreSQL off its volume, so that the volume can be taken away."""
        name = database.url.partition("?")[0].rpartition("/")[2]
        self._in_postgres(f"DROP DATABASE {name} WITH (FORCE)")
        self._in_postgres(f"DROP TABLESPACE {name.replace('house', 'volume')}")

    def path_with_tools(self, path: str) -> str:
        """Where programs are looked for, so that those of PostgreSQL are as new as the server."""
        return f"{self.server.programs}:{path}" if self.server else path

    def make_empty(self, kind: str, directory: Path) -> Database:
        self._count += 1
        name = f"empty_{self._count}"
        if kind == SQLITE:
            return Database(f"sqlite:///{directory / name}.db")
        self._in_postgres(f"CREATE DATABASE {name}")
        return Database(self._postgres_url(name))

    def _build(self, kind: str, payees: int) -> list[str]:
        name = _company_of(payees)
        if kind == SQLITE:
            return self._company(f"sqlite:///{self._directory / name}.db", payees)
        if self.server is None:
            self.server = PostgresServer(
                Path(tempfile.mkdtemp(prefix="incentives-faults-")), settings=SETTINGS
            )
        self._in_postgres(f"CREATE DATABASE {name}")
        return self._company(self._postgres_url(name), payees)

    def _company(self, url: str, payees: int) -> list[str]:
        built = subprocess.run(
            [sys.executable, "-m", "tests.faults.company", str(self._directory), url, str(payees)],
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

    @property
    def socket(self) -> Path:
        """Of PostgreSQL."""
        assert self.server is not None
        return self.server.directory / ".s.PGSQL.5432"

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


def _company_of(payees: int) -> str:
    return f"company_{payees}"


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
