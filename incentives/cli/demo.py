"""`flask demo`: a company to look at, with live deals."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from incentives.clock import now
from incentives.demo.accounts import demo_accounts
from incentives.demo.build import build_demo
from incentives.errors import Refused

command = AppGroup("demo", help="The demo company.")


@command.command("build")
def build() -> None:
    """Fill an empty company with the demo's people, deals, plan and accounts."""
    try:
        build_demo(current_app.config["DATA_DIR"], now=now())
    except Refused as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    click.echo("The demo company is ready.")


@command.command("accounts")
def accounts() -> None:
    """Say with which accounts to sign in to the demo."""
    found = demo_accounts(current_app.config["DATA_DIR"])
    if not found:
        click.echo("There are no demo accounts: this is not the demo company.", err=True)
        return
    width = max(len(account.email) for account in found)
    for account in found:
        click.echo(f"{account.label:<14} {account.email:<{width}}  {account.password}")
