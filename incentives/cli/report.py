"""What commands that bring files in have in common: their options, and how they report."""

import json
from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app

from incentives.clock import now
from incentives.errors import Refused
from incentives.operations.import_report import ImportReport, as_document
from incentives.operations.refresh_stale import refresh_stale

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FORM = click.Choice(["table", "json"])


def refresh_without_workers() -> None:
    """Without workers the numbers would wait for ever; with them they are there in a moment."""
    if not current_app.config["REDIS_URL"]:
        refresh_stale(clock=now)


def import_list(name: str, file: Path, form: str, work: Callable[[bytes], ImportReport]) -> None:
    """Bring a list in and report on it. Ends with 1 where it says nothing as a whole."""
    try:
        report = work(file.read_bytes())
    except Refused as error:
        raise click.ClickException(error.message) from error
    refresh_without_workers()
    if form == "json":
        click.echo(json.dumps(as_document(report), ensure_ascii=False, indent=2))
    else:
        click.echo(as_text(name, report))


def as_text(name: str, report: ImportReport) -> str:
    verb = "would be " if report.dry_run else ""
    lines = [
        f"{name.capitalize()}: {report.rows:,} rows",
        f"  {report.created:>8,} {verb}created",
        f"  {report.changed:>8,} {verb}changed",
        f"  {report.unchanged:>8,} unchanged",
        f"  {report.rejected:>8,} rejected",
    ]
    if report.won:
        lines.append(f"  Won: {report.won:,} deals, {report.total_won:,f} {report.currency}")
    lines += [f"  {note}" for note in report.notes]
    lines += [
        f'  "{found.written}" was taken as "{found.product}" in {found.rows:,} rows ({found.by})'
        for found in report.aliases
    ]
    lines += [f"  Row {issue.row}, {issue.field}: {issue.message}" for issue in report.issues]
    return "\n".join(lines)
