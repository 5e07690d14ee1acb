"""Children: started each in a session of its own, relayed, restarted, ended in order."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from incentives.supervisor import guard
from incentives.supervisor.guard_pipe import GuardPipe, start_guard
from incentives.supervisor.messages import CannotStart, relay, say
from incentives.supervisor.signals import StopRequest

PROJECT = Path(__file__).resolve().parents[2]

FIRST_PAUSE_SECONDS = 0.6
LONGEST_PAUSE_SECONDS = 5.0
FAILURES_ALLOWED = 5
FAILURE_WINDOW_SECONDS = 60.0
LINES_KEPT = 200
LINES_SHOWN = 20

PR_SET_PDEATHSIG = 1
# Looked up before any fork: between fork and exec nothing should be loaded.
_prctl = ctypes.CDLL(None).prctl


@dataclass(frozen=True)
class Child:
    name: str
    command: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    directory: Path = PROJECT
    # Stopped in rising order: what takes work in first, what the others stand on last.
    stop_order: int = 1
    grace_seconds: float = 3.0
    # It may end by itself with code 0 and is then not started again.
    may_end: bool = False
    # Without it there is no service: when it dies all the time, everything ends. The others are
    # started again for ever, at pauses that grow.
    is_vital: bool = True
    # Lines that say nothing to the reader.
    hide: tuple[str, ...] = ()


class Processes:
    """All children of this supervisor, and the guard that outlives it."""

    def __init__(
        self, stop: StopRequest, *, keep_open: Sequence[int] = (), notes: Path | None = None
    ) -> None:
        self._stop = stop
        self._notes = notes
        self._running: list[_Process] = []
        self._guard = start_guard(keep_open)

    def start(self, child: Child) -> None:
        process = _Process(child, self._guard, notes=self._notes)
        self._running.append(process)
        process.spawn()

    def complete(self, child: Child, *, show: bool = True) -> str:
        """Run to its end and return what it printed; a failure is a reason not to start."""
        process = _Process(child, self._guard, relayed=show)
        self._running.append(process)
        process.spawn()
        while not process.has_ended():
            self._stop.pause(0.02)
        self._running.remove(process)
        process.clear_away()
        if process.code != 0:
            raise CannotStart(f"{child.name} failed (code {process.code}):\n{process.last_lines()}")
        return process.output()

    def watch(self, seconds: float) -> None:
        """Look after the children once, then pause; ends by Stopped when we are asked to."""
        self._keep_alive()
        self._stop.pause(seconds)

    def _keep_alive(self) -> None:
        """Start again what has died, unless it dies all the time."""
        for process in list(self._running):
            if process.is_due():
                process.spawn()
            elif process.has_ended() and not process.is_waiting():
                self._after_the_end_of(process)

    def _after_the_end_of(self, process: "_Process") -> None:
        process.clear_away()
        if process.child.may_end and process.code == 0:
            self._running.remove(process)
            return
        if process.fails_too_often() and process.child.is_vital:
            raise CannotStart(
                f"{process.child.name} ended {FAILURES_ALLOWED} times within a minute, "
                f"the last time with code {process.code}. Its last lines:\n{process.last_lines()}"
            )
        pause = process.wait_before_restart()
        say(f"{process.child.name} ended with code {process.code}, again in {pause:.1f} s.")

    def stop_all(self) -> None:
        """In order; at a second Ctrl-C without patience."""
        for order in sorted({process.child.stop_order for process in self._running}):
            self._stop_together([p for p in self._running if p.child.stop_order == order])
        self._running.clear()
        self._guard.close()

    def _stop_together(self, processes: "Sequence[_Process]") -> None:
        asked_before = self._stop.times_asked
        for process in processes:
            process.ask_to_end()
        deadline = time.monotonic() + max(process.child.grace_seconds for process in processes)
        while (
            any(not process.has_ended() for process in processes)
            and time.monotonic() < deadline
            and self._stop.times_asked == asked_before
        ):
            time.sleep(0.02)
        for process in processes:
            process.clear_away()


class _Process:
    """One child, over all its lives."""

    def __init__(
        self,
        child: Child,
        watcher: GuardPipe,
        *,
        relayed: bool = True,
        notes: Path | None = None,
    ) -> None:
        self.child = child
        self._note = notes / f"{child.name}.pid" if notes else None
        self.code: int | None = None
        self._guard = watcher
        self._relayed = relayed
        self._lines: deque[str] = deque(maxlen=LINES_KEPT)
        self._failures: deque[float] = deque(maxlen=FAILURES_ALLOWED)
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._restart_at: float | None = None

    def spawn(self) -> None:
        self._restart_at = None
        self.code = None
        self._process = subprocess.Popen(
            list(self.child.command),
            cwd=self.child.directory,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.child.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            # Ctrl-C then reaches the supervisor only, which ends the children in order.
            start_new_session=True,
            preexec_fn=dies_with(os.getpid()),
        )
        self._guard.watch(self._process.pid)
        if self._note:
            self._note.write_text(f"{self._process.pid}\n")
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None, "spawned with a pipe"
        with process.stdout as lines:
            for line in lines:
                text = line.rstrip("\n")
                if any(noise in text for noise in self.child.hide):
                    continue
                self._lines.append(text)
                if self._relayed:
                    relay(self.child.name, text)

    def has_ended(self) -> bool:
        if self._process is None:
            return True
        self.code = self._process.poll()
        return self.code is not None

    def is_waiting(self) -> bool:
        return self._restart_at is not None

    def is_due(self) -> bool:
        return self._restart_at is not None and time.monotonic() >= self._restart_at

    def wait_before_restart(self) -> float:
        doublings = len(self._failures) - 1
        pause = min(FIRST_PAUSE_SECONDS * 2**doublings, LONGEST_PAUSE_SECONDS)
        self._restart_at = time.monotonic() + pause
        return float(pause)

    def fails_too_often(self) -> bool:
        now = time.monotonic()
        self._failures.append(now)
        while self._failures[0] < now - FAILURE_WINDOW_SECONDS:
            self._failures.popleft()
        return len(self._failures) == FAILURES_ALLOWED

    def ask_to_end(self) -> None:
        if self._process is not None and not self.has_ended():
            self._process.send_signal(signal.SIGTERM)

    def clear_away(self) -> None:
        """Nothing of its session stays, whether it ended by itself or was asked to."""
        if self._process is None:
            return
        guard.send(signal.SIGKILL, [self._process.pid])
        self.code = self._process.wait()
        if self._reader is not None:
            self._reader.join(timeout=1)
        self._guard.forget(self._process.pid)
        if self._note:
            self._note.unlink(missing_ok=True)
        self._process = None

    def last_lines(self) -> str:
        return "\n".join(list(self._lines)[-LINES_SHOWN:])

    def output(self) -> str:
        return "\n".join(self._lines)


def dies_with(parent: int) -> Callable[[], None]:
    def in_the_child() -> None:
        _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return in_the_child
