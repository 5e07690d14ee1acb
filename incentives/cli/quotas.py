"""flask quotas: bring a list of quotas in."""

from functools import partial
from pathlib import Path

import click
from flask.cli import AppGroup

from incentives.cli.report import FILE, FORM, import_list
from incentives.clock import now
from incentives.operations.import_quotas import everybody, import_quotas

command = AppGroup("quotas", help="What people and teams should reach.")


@command.command("import")
@click.argument("file", type=FILE)
@click.option("--format", "form", type=FORM, default="table")
def import_(file: Path, form: str) -> None:
    """Set the quotas of FILE, with the columns payee or team, measure, period and amount."""
    work = partial(import_quotas, reach=everybody(), by=None, now=now())
    import_list("quotas", file, form, work)
