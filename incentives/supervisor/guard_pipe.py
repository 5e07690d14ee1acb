"""The supervisor's side of its guard (guard.py): what it tells it, and how it starts it."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from incentives.supervisor import guard


class GuardPipe:
    """Our end of the pipe to guard.py."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def watch(self, session: int) -> None:
        self._tell(f"watch {session}")

    def forget(self, session: int) -> None:
        self._tell(f"forget {session}")

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None, "started with a pipe"
        # Without the guard the children still have their own death signal.
        with suppress(OSError):
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def close(self) -> None:
        assert self._process.stdin is not None, "started with a pipe"
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait()


def start_guard(keep_open: Sequence[int]) -> GuardPipe:
    return GuardPipe(
        subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(guard.__file__))],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
            pass_fds=keep_open,
        )
    )
