"""Ends our children when we no longer can.

A child dies with the supervisor by PR_SET_PDEATHSIG, but that does not reach its own children, such
as the process in which RQ runs a job. They share the child's session, so this small program, run
beside the supervisor, is told each session and waits. When the supervisor goes, even by `kill -9`,
its end of the pipe closes and whatever is left in those sessions is ended.

Standard library only and runnable by path, so that it starts in milliseconds.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

GRACE_SECONDS = 3.0


def main() -> None:
    ignore_the_terminal()
    sessions: set[int] = set()
    for line in sys.stdin:
        verb, session = line.split()
        if verb == "watch":
            sessions.add(int(session))
        else:
            sessions.discard(int(session))
    end(sessions)


def ignore_the_terminal() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def end(sessions: Iterable[int]) -> None:
    """SIGTERM, a little patience, SIGKILL."""
    sessions = set(sessions)
    send(signal.SIGTERM, sessions)
    deadline = time.monotonic() + GRACE_SECONDS
    while members(sessions) and time.monotonic() < deadline:
        time.sleep(0.05)
    send(signal.SIGKILL, sessions)


def send(number: int, sessions: Iterable[int]) -> None:
    for process in members(sessions):
        try:
            os.kill(process, number)
        except ProcessLookupError:
            continue


def members(sessions: Iterable[int]) -> list[int]:
    """The living processes of these sessions; a zombie only waits to be read by its parent."""
    sessions = set(sessions)
    if not sessions:
        return []
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text()
        except OSError:
            continue
        # proc(5): the name in brackets may hold anything, so count from the last bracket.
        state, _parent, _group, session = stat[stat.rindex(")") + 2 :].split()[:4]
        if int(session) in sessions and state not in "ZX":
            found.append(int(entry.name))
    return found


if __name__ == "__main__":
    main()
