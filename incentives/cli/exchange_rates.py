"""flask exchange-rates: bring a list of exchange rates in."""

from functools import partial
from pathlib import Path

import click
from flask.cli import AppGroup

from incentives.cli.report import FILE, FORM, import_list
from incentives.clock import now
from incentives.operations.import_exchange_rates import import_exchange_rates

command = AppGroup("exchange-rates", help="What currencies are worth.")


@command.command("import")
@click.argument("file", type=FILE)
@click.option("--format", "form", type=FORM, default="table")
def import_(file: Path, form: str) -> None:
    """Set the rates of FILE, with the columns currency, to, date, rate and provider."""
    import_list("exchange rates", file, form, partial(import_exchange_rates, by=None, now=now()))
