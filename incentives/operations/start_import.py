"""The steps of an import that a person takes: upload, check, apply. A worker does the work."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime

from incentives.errors import Invalid, NotFound, Refused
from incentives.ingest.columns import column_problems, guess_columns
from incentives.operations.import_file import readable_table
from incentives.operations.import_formats import guess_format, import_format
from incentives.operations.import_products import check_aliases
from incentives.operations.import_progress import SoFar
from incentives.queue import DESK, enqueue
from incentives.store.audit import record
from incentives.store.import_runs import (
    APPLYING,
    CHECKED,
    CHECKING,
    FAILED,
    UPLOADED,
    ImportRun,
    import_run,
)
from incentives.store.products import all_products
from incentives.store.transaction import writing

JOB = "workers.jobs.run_import"


def upload_import(
    filename: str, content: bytes, *, kind: str | None = None, by: int | None, now: datetime
) -> int:
    """Keep a file with its columns guessed, and its format where no kind is given. Returns the id
    of the run. Raises Invalid where the file cannot be read as a table.
    """
    table = readable_table(content)
    format = import_format(kind) if kind else guess_format(table.header)
    columns = guess_columns(table.header, format.fields)
    with writing() as session:
        run = ImportRun(
            filename=filename[:200] or "unnamed.csv",
            content=content,
            options={"format": format.kind, "columns": columns, "aliases": {}},
            state=UPLOADED,
            rows_total=len(table.rows),
            created_at=now,
            touched_at=now,
            created_by=by,
        )
        session.add(run)
        session.flush()
        record(session, "import uploaded", run.filename, by=by, now=now)
        return run.id


def check_import(
    run_id: int,
    kind: str,
    columns: Mapping[str, str],
    aliases: Mapping[str, str],
    *,
    by: int | None,
    now: datetime,
) -> None:
    """Ask for a dry run of the file as this kind, with these columns and aliases. Raises Invalid
    naming each field."""
    fields = import_format(kind).fields
    with writing() as session:
        run = _run_in(run_id, {UPLOADED, CHECKED, FAILED})
        header = readable_table(run.content).header
        problems = {
            name: [message] for name, message in column_problems(header, fields, columns).items()
        }
        if problems:
            raise Invalid("columns", "Some columns are not clear yet.", fields=problems)
        check_aliases(aliases, {product.name for product in all_products()})
        run.options = {"format": kind, "columns": dict(columns), "aliases": dict(aliases)}
        _begin(run, CHECKING, now)
        record(session, "import check asked for", run.filename, by=by, now=now)
    enqueue(DESK, JOB, run_id)


def apply_import(run_id: int, *, by: int | None, now: datetime) -> None:
    """Ask for the real run of what was checked, or of what failed on the way."""
    with writing() as session:
        run = _run_in(run_id, {CHECKED, FAILED})
        run.options = {**run.options, "by": by}
        _begin(run, APPLYING, now)
        record(session, "import asked for", run.filename, by=by, now=now)
    enqueue(DESK, JOB, run_id)


def _begin(run: ImportRun, state: str, now: datetime) -> None:
    run.state = state
    run.rows_done = 0
    run.options = {**run.options, "so_far": asdict(SoFar()), "taken_up": False}
    run.touched_at = now


def _run_in(run_id: int, states: Collection[str]) -> ImportRun:
    run = import_run(run_id)
    if run is None:
        raise NotFound("There is no such import.")
    if run.state not in states:
        raise Refused("import_moved_on", "This import has moved on. Load the page again.")
    return run
