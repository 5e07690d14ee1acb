"""`flask simulate`: what a plan would post and pay, from files, without a database."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import click

from incentives.cli.on_files import OnFiles
from incentives.cli.plan_file import FILE, plan_of
from incentives.cli.simulation_options import asked, zone_of
from incentives.core.activity import Issue
from incentives.core.calendar import Calendar
from incentives.core.fiscal_years import (
    NAMED_AFTER,
    NEAREST,
    START,
    WEEKS_PATTERNS,
    YEAR_END_RULES,
)
from incentives.core.simulate import simulate
from incentives.export.simulation import Simulated
from incentives.export.simulation_csv import as_csv
from incentives.export.simulation_json import as_json
from incentives.export.simulation_table import as_table
from incentives.ingest.company_files import (
    ACTIVITIES,
    HOLIDAYS,
    PEOPLE,
    QUOTAS,
    RATES,
    CompanyFiles,
)
from incentives.ingest.csv_reading import Unreadable

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FORMATS: dict[str, Callable[..., str | bytes]] = {
    "table": as_table,
    "json": as_json,
    "csv": as_csv,
}


@click.command("simulate", cls=OnFiles)
@click.argument("plan_file", metavar="PLAN", type=FILE)
@click.option("--activities", type=FILE, required=True, help="What happened, as CSV or JSON.")
@click.option("--quotas", type=FILE, help="Quotas of payees and teams.")
@click.option("--people", type=FILE, help="Who is on the plan, in which team, from when on.")
@click.option("--rates", type=FILE, help="Exchange rates.")
@click.option("--holidays", type=FILE, help="The company's days off, which no streak misses.")
@click.option("--from", "first", metavar="PERIOD|DAY", help="The first pay period to show.")
@click.option("--to", "last", metavar="PERIOD|DAY", help="The last pay period to show.")
@click.option("--as-of", metavar="DAY|INSTANT", help="Only what was known before this moment.")
@click.option(
    "--locked",
    multiple=True,
    metavar="PERIOD[@INSTANT]",
    help="A pay period that is locked, at its end or at a moment. May be given several times.",
)
@click.option("--time-zone", default="UTC", show_default=True, help="Of days without a zone.")
@click.option("--fiscal-start-month", type=click.IntRange(1, 12), default=1, show_default=True)
@click.option("--year-named-after", type=click.Choice(NAMED_AFTER), default=START)
@click.option("--weeks-pattern", type=click.Choice(WEEKS_PATTERNS), help="Of a retail calendar.")
@click.option("--year-ends-on", type=click.Choice(list(WEEKDAYS)), default="saturday")
@click.option("--year-end-rule", type=click.Choice(YEAR_END_RULES), default=NEAREST)
@click.option("--format", "form", type=click.Choice(list(_FORMATS)), default="table")
@click.option("--explain", is_flag=True, help="Show every line with the numbers behind it.")
def command(
    plan_file: Path,
    activities: Path,
    quotas: Path | None,
    people: Path | None,
    rates: Path | None,
    holidays: Path | None,
    first: str | None,
    last: str | None,
    as_of: str | None,
    locked: Sequence[str],
    time_zone: str,
    fiscal_start_month: int,
    year_named_after: str,
    weeks_pattern: str | None,
    year_ends_on: str,
    year_end_rule: str,
    form: str,
    explain: bool,
) -> None:
    """Say what everybody would earn and be paid by PLAN. Nothing is stored.

    Rows that cannot be read are named on the error output; the others are calculated, and the exit
    status is 1.
    """
    plan = plan_of(plan_file)
    calendar = Calendar(
        zone_of(time_zone),
        fiscal_start_month,
        year_named_after,
        weeks_pattern or None,
        WEEKDAYS.index(year_ends_on),
        year_end_rule,
    )
    named = {
        ACTIVITIES: activities,
        QUOTAS: quotas,
        PEOPLE: people,
        RATES: rates,
        HOLIDAYS: holidays,
    }
    paths = {name: path for name, path in named.items() if path is not None}
    files = CompanyFiles(plan, calendar, {name: path.read_bytes() for name, path in paths.items()})
    try:
        company = files.read()
    except Unreadable as error:
        raise click.ClickException(str(error)) from error
    said = asked(company, first, last, as_of, locked)
    statements = simulate(company, said.locks, said.as_of)
    write = _FORMATS[form]
    click.echo(write(Simulated(company, statements, said.shows), explain=explain), nl=False)
    if any(files.issues.values()):
        for sentence in _sentences(files.issues, paths):
            click.echo(sentence, err=True)
        sys.exit(1)


def _sentences(issues: Mapping[str, Sequence[Issue]], paths: Mapping[str, Path]) -> Iterator[str]:
    """What is wrong with each row, by the file, row and field that it stands in."""
    for name, found in issues.items():
        for issue in sorted(found, key=lambda issue: issue.row):
            field = f", {issue.field}" if issue.field else ""
            yield f"{paths[name].name}, row {issue.row}{field}: {issue.message}"
