"""A demo company of its own for a while: bin/run on a fresh directory, ended and removed after."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.running_service import free_port

# Building the demo on a busy computer takes a while.
PATIENCE_SECONDS = 180
END_SECONDS = 30


@dataclass(frozen=True)
class DemoService:
    """`accounts` are those the demo prints: dictionaries with label, email and password."""

    url: str
    accounts: list[dict[str, str]]

    def account(self, label: str) -> dict[str, str]:
        return next(account for account in self.accounts if account["label"] == label)


@contextmanager
def demo_service() -> Iterator[DemoService]:
    """A whole running service that stands still: no deals are replayed."""
    with tempfile.TemporaryDirectory(prefix="incentives-demo-") as directory:
        port = free_port()
        environ = _environ(Path(directory), port)
        command = [sys.executable, "-m", "incentives.supervisor"]
        with open(Path(directory) / "service.log", "wb") as log:
            process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(url, process, Path(directory) / "service.log")
            accounts = json.loads((Path(directory) / "demo-accounts.json").read_text())
            yield DemoService(url, accounts)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(END_SECONDS)


def _environ(directory: Path, port: int) -> dict[str, str]:
    ours = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "HOST", "SECURE_COOKIES")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "DATA_DIR": str(directory), "PORT": str(port), "DEMO": "1", "REPLAY": "0"}


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2):  # noqa: S310  our own
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"The demo did not start:\n{log.read_text()[-3000:]}")
