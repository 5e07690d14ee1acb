"""What an import's page says at each moment: how far it is, what it found, what to press."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for

from incentives.core.activity import Issue
from incentives.operations.import_formats import ImportFormat, import_formats
from incentives.operations.import_report import ImportReport
from incentives.operations.read_import import ImportReading
from incentives.store.companies import the_company
from incentives.store.import_runs import (
    APPLYING,
    CHECKED,
    CHECKING,
    DONE,
    FAILED,
    UPLOADED,
    ImportRun,
)
from incentives.web import formats
from incentives.web.import_links import (
    FirstFile,
    ImportFirst,
    Link,
    comes_first,
    first_files,
    see_links,
)

# State -> its words, and how serious it is.
STATES = {
    UPLOADED: ("Columns to choose", "warn"),
    CHECKING: ("Being checked", "plain"),
    CHECKED: ("Checked, not imported", "warn"),
    APPLYING: ("Being imported", "plain"),
    DONE: ("Imported", "ok"),
    FAILED: ("Stopped", "down"),
}
# A worker takes an import up within a moment; after this long none is there.
WAITS_AFTER = timedelta(seconds=4)
SHOWN_ISSUES = 100


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import in the list of the latest."""

    url: str
    filename: str
    format: str
    at: str
    by: str
    state: str
    state_kind: str
    summary: str


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    note: str
    state: str


@dataclass(frozen=True, slots=True)
class ImportView:
    """`waits` is true while no worker has taken the import up; `issues` are those shown; `see` and
    `next_file` are links, to what came in and to what a company that starts empty needs next."""

    run: ImportRun
    format: ImportFormat
    url: str
    steps: list[Step]
    working: bool
    waits: bool
    problem: str | None
    report: ImportReport | None
    total_won: str
    to_do: int
    issues: tuple[Issue, ...]
    first: list[ImportFirst]
    see: list[Link]
    next_file: FirstFile | None

    @property
    def is_checked(self) -> bool:
        return self.run.state == CHECKED

    @property
    def is_done(self) -> bool:
        return self.run.state == DONE


def import_row(run: ImportRun) -> ImportRow:
    words, kind = STATES[run.state]
    return ImportRow(
        url=url_for("data.show_import", run_id=run.id),
        filename=run.filename,
        format=import_formats()[run.format].label,
        at=formats.at(run.created_at, the_company().calendar.zone),
        by=run.creator.name if run.creator else "Command line",
        state=words,
        state_kind=kind,
        summary=_summary(run),
    )


def _summary(run: ImportRun) -> str:
    report = run.report or {}
    if "problem" in report or not report:
        return f"{run.rows_total:,} rows"
    parts = [f"{report[name]:,} {name}" for name in ("created", "changed", "rejected")]
    return ", ".join(parts)


def import_view(reading: ImportReading, now: datetime) -> ImportView:
    run, report = reading.run, reading.report
    working = run.state in (CHECKING, APPLYING)
    missing = [step for step in first_files() if not step.done]
    return ImportView(
        run=run,
        format=reading.format,
        url=url_for("data.show_import", run_id=run.id),
        steps=_steps(run, report),
        working=working,
        waits=working and not run.is_taken_up and now - run.touched_at > WAITS_AFTER,
        problem=reading.problem,
        report=None if working else report,
        total_won=_total_won(report),
        to_do=report.created + report.changed if report else 0,
        issues=report.issues[:SHOWN_ISSUES] if report else (),
        first=comes_first(reading.format, report) if report else [],
        see=see_links(reading.format),
        next_file=missing[0] if missing else None,
    )


def _total_won(report: ImportReport | None) -> str:
    """What the won deals come to; nothing where the file is of something else than deals."""
    if report is None or not report.currency:
        return ""
    return formats.money_whole(report.total_won, report.currency)


def _steps(run: ImportRun, report: ImportReport | None) -> list[Step]:
    order = {UPLOADED: 1, CHECKING: 1, CHECKED: 2, APPLYING: 2, DONE: 3, FAILED: 1}
    reached = 2 if run.state == FAILED and report is not None else order[run.state]
    checked = f"{report.rejected:,} of {report.rows:,} rows rejected" if report else ""
    notes = [f"{report.rows if report else run.rows_total:,} rows", checked, ""]
    labels = ["Uploaded", "Checked", "Imported"]
    return [
        Step(label, note, "done" if i < reached else "current" if i == reached else "future")
        for i, (label, note) in enumerate(zip(labels, notes, strict=True))
    ]
