"""Commands that are run beside a house, as a person would at a terminal."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from incentives.supervisor.processes import PROJECT
from tests.faults.databases import Databases
from tests.faults.plan import Plan
from tests.faults.reading import Database


class Beside:
    """What a house can do that is no process of its own."""

    plan: Plan
    directory: Path
    database: Database
    databases: Databases
    _environ: dict[str, str]

    def does(self, *arguments: str) -> None:
        """What a person would do on a page (doings.py)."""
        command = [sys.executable, "-m", "tests.faults.doings", *arguments]
        subprocess.run(command, cwd=PROJECT, env=self._environ, check=True, timeout=180)

    def verify(self, *only: str) -> list[str]:
        """What `flask verify` finds, as sentences."""
        checks = [part for name in only for part in ("--only", name)]
        asked = subprocess.run(
            [
                *(sys.executable, "-m", "flask", "--app", "wsgi", "verify"),
                *("--settled", "--format", "json", *checks),
            ],
            cwd=PROJECT,
            env=self._environ,
            stdout=subprocess.PIPE,
            timeout=300,
        )
        if not asked.stdout:
            return ["verify said nothing"]
        return [
            f"{found['name']} {_listed(difference['ids'])}: {difference['said']}"
            for found in json.loads(asked.stdout)["checks"]
            for difference in found["differences"]
        ]

    def starts(self) -> tuple[int, str]:
        """Start the service once more, with this house's Redis: how it ended and what it said."""
        elsewhere = self.directory / "elsewhere"
        environ = {**self._environ, "DATA_DIR": str(elsewhere), "DEMO": "0"}
        environ.pop("DATABASE_URL")
        tried = subprocess.run(
            [sys.executable, "-m", "incentives.supervisor"],
            cwd=PROJECT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        return tried.returncode, tried.stdout

    def another_database(self) -> Database:
        """An empty one of the same kind."""
        return self.databases.make_empty(self.plan.database, self.directory)

    def runs(self, database: Database, module: str, *arguments: str) -> int:
        """Run a module on a database, beside the house; returns the code it ended with."""
        elsewhere = self.directory / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        path = self.databases.path_with_tools(self._environ["PATH"])
        environ = self._environ | {"DATABASE_URL": database.url, "PATH": path}
        if database is not self.database:
            environ["DATA_DIR"] = str(elsewhere)
        with open(self.directory / "commands.log", "ab") as log:
            return subprocess.run(
                [sys.executable, "-m", module, *arguments],
                cwd=PROJECT,
                env=environ,
                stdout=log,
                stderr=log,
                timeout=120,
            ).returncode


def _listed(ids: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in ids.items())
