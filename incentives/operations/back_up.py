"""Put the whole database into a file, while the service runs or not."""

from pathlib import Path

from incentives.errors import Refused
from incentives.extensions import db
from incentives.store.backups import backups_of


def back_up(file: Path) -> None:
    """Everything that was acknowledged before it began is in the file. Raises Refused where it
    cannot be written; nothing half done stays."""
    if file.exists():
        raise Refused("exists", f"{file} is there already. Choose another name, or remove it.")
    if not file.absolute().parent.is_dir():
        raise Refused("no_folder", f"There is no folder {file.absolute().parent}.")
    backups_of(db.engine.url).write(file)
