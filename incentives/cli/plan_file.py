"""A plan document in a file, for commands: read and checked, or refused in words."""

from pathlib import Path
from typing import Any

import click
from marshmallow import ValidationError

from incentives.core.new_plans import read_new_plan
from incentives.core.plans import Plan
from incentives.core.refusals import dotted, flat, messages_of
from incentives.ingest.csv_reading import Unreadable, decoded
from incentives.ingest.plan_document import read_document

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def plan_of(path: Path) -> Plan:
    """The plan in a file. Ends the command with each part that is wrong and what to write."""
    try:
        return read_new_plan(document_of(path))
    except ValidationError as error:
        refused = flat(messages_of(error))
        sentences = [f"  {dotted(place)}: {sentence}" for place, sentence in refused]
        raise click.ClickException(
            "\n".join([f"{path.name} is no plan yet.", *sentences])
        ) from error


def document_of(path: Path) -> dict[str, Any]:
    """The document in a file, not yet checked. Ends the command where it cannot be read."""
    try:
        text, _ = decoded(path.read_bytes())
        return read_document(text)
    except Unreadable as error:
        raise click.ClickException(f"{path.name}: {error}") from error
