"""flask api-key: make, list and revoke API keys."""

import click
from flask.cli import AppGroup

from incentives.clock import now
from incentives.errors import Refused
from incentives.operations.change_api_keys import SCOPES, create_api_key, revoke_api_key
from incentives.store.api_keys import all_api_keys

command = AppGroup("api-key", help="Make, list and revoke API keys.")


@command.command("create")
@click.argument("name")
@click.option("--scope", "scopes", required=True, help=f"One or more of {','.join(SCOPES)}")
def create(name: str, scopes: str) -> None:
    """Make a key and print it. It is shown this once."""
    wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
    try:
        key = create_api_key(name, wanted, by=None, now=now())
    except Refused as error:
        sentences = [sentence for field in error.fields.values() for sentence in field]
        raise click.ClickException(" ".join(sentences)) from error
    click.echo("Keep this key now, it cannot be shown again:", err=True)
    click.echo(key)


@command.command("list")
def list_keys() -> None:
    """List the keys that are in use."""
    for key in all_api_keys():
        if key.revoked_at is None:
            used = f"{key.used_at:%Y-%m-%d %H:%M} UTC" if key.used_at else "never used"
            click.echo(f"{key.prefix}  {used:20}  {','.join(key.scopes)}  {key.name}")


@command.command("revoke")
@click.argument("prefix")
def revoke(prefix: str) -> None:
    """End the key that begins with PREFIX."""
    try:
        revoke_api_key(prefix, by=None, now=now())
    except Refused as error:
        raise click.ClickException(error.message) from error
    click.echo(f"The key {prefix} is revoked.", err=True)
