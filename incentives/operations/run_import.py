"""Do the work of an import that was asked for: the dry run, or the real one."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from incentives.errors import Refused
from incentives.operations.import_file import readable_table
from incentives.operations.import_formats import ImportTask, import_format
from incentives.operations.import_progress import SoFar
from incentives.operations.import_report import ImportReport, as_document, shortened
from incentives.store.import_runs import (
    APPLYING,
    CHECKED,
    CHECKING,
    DONE,
    FAILED,
    ImportRun,
)
from incentives.store.transaction import writing

log = logging.getLogger(__name__)

# The sweeper asks again for what was silent longer than this; who is not silent is at work.
AT_WORK = timedelta(seconds=20)


def run_import(run_id: int, *, now: Callable[[], datetime]) -> None:
    """Check or apply an import, from where an earlier worker got to. Does nothing for one that was
    not asked for, is finished, or that another worker is busy with."""
    run = _take_up(run_id, now())
    if run is None:
        return
    asked, filename = run.state, run.filename
    try:
        report = as_document(shortened(_work(run, asked == CHECKING, now)))
        state = CHECKED if asked == CHECKING else DONE
    except Refused as error:
        report, state = {"problem": error.message}, FAILED
    except Exception:
        # Whatever it was, the person who waits is told, and may press the button again.
        log.exception("The import of %s stopped", filename)
        problem = "The import stopped for a reason of ours. What is in stays in. Start it again."
        report, state = {"problem": problem}, FAILED
    _finish(run_id, asked, state, report, now())


def _take_up(run_id: int, now: datetime) -> ImportRun | None:
    """The run, as this worker's own; None where there is nothing to do or another is at it."""
    with writing() as session:
        run = session.get(ImportRun, run_id, with_for_update={"of": ImportRun})
        if run is None or run.state not in (CHECKING, APPLYING):
            return None
        if run.is_taken_up and now - run.touched_at < AT_WORK:
            return None
        run.options = {**run.options, "taken_up": True}
        run.touched_at = now
    return run


def _work(run: ImportRun, checking: bool, now: Callable[[], datetime]) -> ImportReport:
    run_id, options = run.id, dict(run.options)

    def note(so_far: SoFar, total: int) -> None:
        _note_progress(run_id, so_far, total, now())

    task = ImportTask(
        table=readable_table(run.content),
        columns=options["columns"],
        aliases=options["aliases"],
        by=options.get("by"),
        clock=now,
        dry_run=checking,
        # A dry run undoes what it does, so it begins again; the real one goes on where it stopped.
        resume=None if checking else SoFar(**options["so_far"]),
        progress=note,
    )
    return import_format(run.format).work(task)


def _note_progress(run_id: int, so_far: SoFar, total: int, now: datetime) -> None:
    with writing() as session:
        run = session.get_one(ImportRun, run_id)
        run.options = {**run.options, "so_far": asdict(so_far)}
        run.rows_done, run.rows_total, run.touched_at = so_far.done, total, now


def _finish(run_id: int, asked: str, state: str, report: dict[str, Any], now: datetime) -> None:
    with writing() as session:
        run = session.get_one(ImportRun, run_id)
        if run.state != asked:
            return
        run.state, run.report, run.touched_at = state, report, now
        run.rows_done = run.rows_total
