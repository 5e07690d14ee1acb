"""Put a backup in the place of the database."""

from datetime import datetime
from pathlib import Path

from incentives.errors import Refused
from incentives.extensions import db
from incentives.store.backups import backups_of
from incentives.store.markers import everybody_is_behind
from incentives.store.transaction import writing


def restore(file: Path, *, replace: bool, now: datetime) -> None:
    """Replace the database by a backup, and mark everybody as behind.

    Raises Refused where somebody is in the database already, unless told to `replace` it, and
    where the file cannot be used; then the database stays as it was.
    """
    if not file.is_file():
        raise Refused("no_file", f"There is no file {file}.")
    backups = backups_of(db.engine.url)
    if not replace and not backups.is_empty():
        raise Refused(
            "not_empty",
            "There are people in this database, who would be lost. Restore into an empty "
            "DATA_DIR or database, or say --replace.",
        )
    db.session.remove()
    db.engine.dispose()
    backups.read(file)
    with writing() as session:
        everybody_is_behind(session, now)
