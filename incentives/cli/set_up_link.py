"""flask set-up-link: the one-time link with which an empty company gets its administrator."""

import click
from flask import current_app
from flask.cli import with_appcontext

from incentives.clock import now
from incentives.errors import Refused
from incentives.operations.set_up_company import make_set_up_link


@click.command("set-up-link")
@click.option("--address", help="Where the service is reached, such as https://sales.example.com")
@with_appcontext
def command(address: str | None) -> None:
    """Print a link for the first administrator. It works once, for 24 hours."""
    try:
        token = make_set_up_link(now=now())
    except Refused as error:
        raise click.ClickException(error.message) from error
    host, port = current_app.config["HOST"], current_app.config["PORT"] or 8000
    address = address or current_app.config["PUBLIC_URL"] or f"http://{host}:{port}"
    click.echo("Open this link within 24 hours. It works once:", err=True)
    click.echo(f"{address.rstrip('/')}/set-up/{token}")
