"""`flask restore`: a backup in the place of the database."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from incentives.cli.on_files import OnFiles
from incentives.clock import now
from incentives.errors import Refused
from incentives.operations.restore import restore
from incentives.supervisor.data_lock import AlreadyRunning, locked


@click.command("restore", cls=OnFiles)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace a database that holds a company.")
@with_appcontext
def command(file: Path, replace: bool) -> None:
    """Put the backup FILE in the place of the database. End the service before.

    Everybody is calculated anew when it is started again; nothing in Redis is needed for it.
    """
    try:
        with locked(current_app.config["DATA_DIR"]):
            restore(file, replace=replace, now=now())
    except AlreadyRunning as running:
        raise click.ClickException(f"{running} End it first.") from running
    except Refused as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo("Restored. Start the service; everybody is calculated anew.")
