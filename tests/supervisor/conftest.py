"""A supervisor under test, watched from outside like any other program."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from incentives.supervisor.ports import any_free_port

STAND_IN = Path(__file__).with_name("stand_in.py")
PROJECT = STAND_IN.parents[2]
# Long enough for a busy machine: nothing here is about how soon.
PATIENCE_SECONDS = 90


class Supervisor:
    def __init__(self, data_dir, output, command=(sys.executable, STAND_IN), **environ):
        self.data_dir = data_dir
        self.output_file = output
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with open(output, "w") as file:
            self.process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env={
                    **kept,
                    "PYTHONPATH": str(PROJECT),
                    "DATA_DIR": str(data_dir),
                    "STAND_IN_WORKER": "steady",
                    **environ,
                },
                stdout=file,
                stderr=file,
                # As under a terminal, where Ctrl-C reaches this group and no other.
                start_new_session=True,
            )

    @property
    def output(self):
        return self.output_file.read_text()

    def says(self, text, *, within=PATIENCE_SECONDS):
        wait_for(lambda: text in self.output, within, lambda: f"{text!r} in:\n{self.output}")

    def is_up(self):
        self.says("Ctrl-C ends it.")
        return self

    @property
    def redis_url(self):
        return (self.data_dir / "redis.url").read_text().strip()

    def ends(self):
        return self.process.wait(timeout=PATIENCE_SECONDS)

    def worker(self):
        """The process id of the worker's newest life."""
        return int(re.findall(r"worker \| worker \w+ (\d+)", self.output)[-1])

    def processes(self):
        """Everything that descends from it, found by the data directory it was given."""
        return [process for process in living_processes() if self.is_ours(process)]

    def is_ours(self, process):
        # Valkey writes its title over its environment, but stays in its directory.
        marker = f"DATA_DIR={self.data_dir}\0".encode()
        return marker in environment(process) or directory(process) == self.data_dir / "redis"

    def has_redis(self):
        return any("valkey-server" in line for line in self.command_lines())

    def command_lines(self):
        return [Path(f"/proc/{p}/cmdline").read_bytes().decode() for p in self.processes()]

    def send(self, number):
        self.process.send_signal(number)

    def clear_away(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for process in self.processes():
            os.kill(process, signal.SIGKILL)


def living_processes():
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and ") Z " not in (entry / "stat").read_text():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def environment(process):
    try:
        return Path(f"/proc/{process}/environ").read_bytes()
    except OSError:
        return b""


def directory(process):
    try:
        return Path(f"/proc/{process}/cwd").readlink()
    except OSError:
        return None


def wait_for(condition, within, explain):
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"not within {within} s: {explain()}"
        time.sleep(0.02)


@pytest.fixture
def start(tmp_path):
    """Start a supervisor over stand-ins; whatever a test leaves running is cleared away."""
    started = []

    def start_one(**environ):
        output = tmp_path / f"output-{len(started)}"
        environ.setdefault("PORT", str(any_free_port()))
        started.append(Supervisor(tmp_path / "var", output, **environ))
        return started[-1]

    yield start_one
    for supervisor in started:
        supervisor.clear_away()
