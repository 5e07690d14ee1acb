"""flask exchange-rates: bring a list of exchange rates in."""

from pathlib import Path

import click
from flask.cli import AppGroup

from incentives.cli.report import FILE, FORM, print_report, refresh_without_workers
from incentives.clock import now
from incentives.errors import Refused
from incentives.operations.import_exchange_rates import import_exchange_rates

command = AppGroup("exchange-rates", help="What currencies are worth.")


@command.command("import")
@click.argument("file", type=FILE)
@click.option("--format", "form", type=FORM, default="table")
def import_(file: Path, form: str) -> None:
    """Set the rates of FILE, with the columns currency, to, date, rate and provider."""
    try:
        report = import_exchange_rates(file.read_bytes(), by=None, now=now())
    except Refused as error:
        raise click.ClickException(error.message) from error
    refresh_without_workers()
    print_report("exchange rates", report, form)
