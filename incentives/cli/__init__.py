"""Commands of `flask --app wsgi`: one file each, found by its `command`."""

import copy
from collections.abc import Callable
from typing import Any

import click
from flask import Flask

from incentives.cli.on_files import OnFiles
from incentives.discovery import found_in
from incentives.store.transaction import has_schema

NO_SCHEMA = (
    "The database is empty. Start bin/run once, or make its tables with: "
    "flask --app wsgi db upgrade"
)


def register(app: Flask) -> None:
    """Add every command of this folder. Each that needs the database says in a sentence when there
    is no schema yet."""
    for command in found_in("incentives.cli", "command"):
        if isinstance(command, OnFiles):
            app.cli.add_command(command)
            continue
        guarded = copy.copy(command)
        guarded.invoke = _on_a_schema(app, command.invoke)
        app.cli.add_command(guarded)


def _on_a_schema(
    app: Flask, invoke: Callable[[click.Context], Any]
) -> Callable[[click.Context], Any]:
    def checked(context: click.Context) -> Any:
        with app.app_context():
            if not has_schema():
                raise click.ClickException(NO_SCHEMA)
        return invoke(context)

    return checked
