"""Find what a lost job or a flushed Redis left behind, and ask for it again."""

from datetime import datetime, timedelta

from incentives.queue import DESK, REFRESH, enqueue
from incentives.store.import_runs import unfinished_runs
from incentives.store.markers import oldest_stale

# Younger work is still on its ordinary way.
WAITED = timedelta(seconds=2)
IMPORT_SILENT_AFTER = timedelta(seconds=30)


def sweep(*, now: datetime) -> None:
    waiting = oldest_stale()
    if waiting is not None and now - waiting > WAITED:
        enqueue(REFRESH, "workers.jobs.refresh_stale")
    for run_id in unfinished_runs(now - IMPORT_SILENT_AFTER):
        enqueue(DESK, "workers.jobs.run_import", run_id)
