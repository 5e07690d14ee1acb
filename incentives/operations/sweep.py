"""Find what a lost job or a flushed Redis left behind, and ask for it again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from incentives.operations.refresh_stale import refresh_stale
from incentives.queue import DESK, REFRESH, enqueue_unless_waiting
from incentives.store.import_runs import unfinished_runs
from incentives.store.markers import oldest_stale
from incentives.store.parking import next_suspect

# Younger work is still on its ordinary way.
WAITED = timedelta(seconds=2)
IMPORT_SILENT_AFTER = timedelta(seconds=30)


def sweep(*, clock: Callable[[], datetime]) -> None:
    """Ask for what waits. Without a queue that answers, nobody else would calculate: then it is
    done here."""
    now = clock()
    waiting = oldest_stale()
    is_late = waiting is not None and now - waiting > WAITED
    if (is_late or next_suspect(now)) and not enqueue_unless_waiting(
        REFRESH, "workers.jobs.refresh_stale"
    ):
        refresh_stale(clock=clock, supervised=True, careful=True)
    # However often is swept, one waits at most: the next is asked for once that was taken.
    for run_id in unfinished_runs(now - IMPORT_SILENT_AFTER):
        enqueue_unless_waiting(DESK, "workers.jobs.run_import", run_id)
