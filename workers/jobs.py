"""The jobs that may be run by name. Each is shallow and repeatable; the work is in operations."""

from incentives.clock import now
from incentives.operations.refresh_stale import refresh_stale as refresh_everybody_stale
from incentives.operations.run_import import run_import as work_on_import
from incentives.queue import refresh_begins


def refresh_stale() -> None:
    refresh_begins()
    refresh_everybody_stale(clock=now)


def run_import(run_id: int) -> None:
    work_on_import(run_id, now=now)
