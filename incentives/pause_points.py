"""Named places in the way of an activity at which the fault tests stop or kill a process.

Off unless PAUSE_POINTS names a directory, which only tests/faults does. There a file of the name of
a point arms it once, for whichever process comes first: `kill` ends that process as a power cut
would, `wait` holds it until the file that it leaves behind, POINT.reached, is taken away.
"""

import os
import signal
import time
from pathlib import Path

POINTS = (
    "recv",  # a request with activities has come in; nothing is stored
    "stored",  # they are committed; nobody was asked to calculate, nobody was answered
    "enqueued",  # the queue was asked; nobody was answered
    "dequeued",  # a worker has taken the job
    "read",  # it has worked out what is due; nothing is written
    "ledger",  # lines and day results are written; nothing is committed
    "commit",  # they are committed; the boards were not told
    "publish",  # the boards were told
    "ack",  # the job is done; the queue does not know
)

LONGEST_WAIT_SECONDS = 120.0

_DIRECTORY = os.environ.get("PAUSE_POINTS")


def pause_at(point: str) -> None:
    """Go on at once, unless a fault test has armed the point."""
    if _DIRECTORY is None:
        return
    reached = Path(_DIRECTORY, f"{point}.reached")
    try:
        # Only one of several processes can take the file away.
        Path(_DIRECTORY, point).rename(reached)
        order = reached.read_text().strip()
    except FileNotFoundError:
        return
    if order == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while reached.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
