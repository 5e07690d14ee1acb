"""`flask backup`: the whole database in one file."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from incentives.errors import Refused
from incentives.operations.back_up import back_up


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def command(file: Path) -> None:
    """Put the whole database into FILE, while the service runs.

    SQLite: a SQLite file; with a name that ends in .gz it is packed. PostgreSQL: an archive of
    pg_dump.
    """
    try:
        back_up(file)
    except Refused as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(f"The database is in {file} ({file.stat().st_size:,} bytes).")
