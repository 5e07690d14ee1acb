"""The jobs that may be run by name. Each is shallow and repeatable; the work is in operations."""

import time

from incentives.clock import now
from incentives.operations.refresh_stale import refresh_stale as refresh_everybody_stale
from incentives.operations.run_import import run_import as work_on_import
from incentives.queue import refresh_begins

# Two refreshes begin no closer to each other, so that what comes together is worked in together.
GAP_SECONDS = 0.1

# This process has just been started, perhaps because a calculation ended the one before it.
_is_new = True


def refresh_stale() -> None:
    global _is_new
    began = time.monotonic()
    refresh_begins()
    refresh_everybody_stale(clock=now, supervised=True, careful=_is_new)
    _is_new = False
    time.sleep(max(0.0, began + GAP_SECONDS - time.monotonic()))


def run_import(run_id: int) -> None:
    work_on_import(run_id, now=now)
