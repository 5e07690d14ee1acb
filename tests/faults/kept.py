"""A process that is started again after its death, as bin/run does it, until it is told to end."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from incentives.supervisor.processes import FIRST_PAUSE_SECONDS, PROJECT, dies_with


class Kept:
    """`stay_down()` and `come_back()` are for the faults; a kill by anybody is mended by itself."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environ: Mapping[str, str],
        log: Path,
        directory: Path = PROJECT,
    ) -> None:
        self.name, self._command, self._environ, self._log = name, command, environ, log
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = threading.Event()
        self._died_at: float | None = None
        self.starts = 0

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.name} was never started"
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def in_another(self, directory: Path) -> "Kept":
        """The same command in another directory, such as one of other code."""
        name = f"{self.name} in {directory.name}"
        return Kept(name, self._command, self._environ, self._log, directory)

    def come_back(self) -> None:
        self._wanted.set()
        if not self.is_alive:
            self._start()

    def stay_down(self, number: int = signal.SIGKILL, *, patience: float = 10.0) -> None:
        self._wanted.clear()
        self.send(number)
        try:
            assert self._process is not None
            self._process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            self.send(signal.SIGKILL)
            self._process.wait()

    def send(self, number: int) -> None:
        """To it and to what it has forked."""
        if self.is_alive:
            os.killpg(self.pid, number)

    def look_after(self) -> None:
        """Called every now and then: starts it again a moment after its death."""
        if not self._wanted.is_set() or self.is_alive:
            self._died_at = None
        elif self._died_at is None:
            self._died_at = time.monotonic()
        elif time.monotonic() - self._died_at > FIRST_PAUSE_SECONDS:
            self._start()

    def _start(self) -> None:
        self._died_at = None
        self.starts += 1
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._directory,
                env=dict(self._environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with(os.getpid()),
            )


class Keeper:
    """One thread that looks after all of them. What it starts dies with it."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def add(self, kept: Kept) -> Kept:
        self.kept[kept.name] = kept
        kept.come_back()
        return kept

    def _keep(self) -> None:
        while not self._ended.wait(0.1):
            for kept in list(self.kept.values()):
                kept.look_after()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()
        for kept in self.kept.values():
            kept.stay_down()


def children_of(pid: int) -> list[int]:
    """The processes it has forked, such as the workers of gunicorn."""
    children = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        children += [int(child) for child in (task / "children").read_text().split()]
    return sorted(children)
