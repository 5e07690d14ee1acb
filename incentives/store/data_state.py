"""Whether anything at all was written since one looked last: asked for next to nothing."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

Found = TypeVar("Found")

_KEPT = "kept under a state"


def unless_written(session: Session, name: str, ask: Callable[[], Found]) -> Found:
    """What `ask` gives; asked again only when something has been committed since.

    It is kept with the connection, whose state no other connection's can be taken for.
    """
    connection = session.connection()
    info: dict[Any, Any] = connection.connection.info
    state = _state(connection)
    kept = info.get((_KEPT, name))
    if kept is None or kept[0] != state:
        # Asked after the state was: it may contain more than the state says, never less.
        kept = info[_KEPT, name] = (state, ask())
    found: Found = kept[1]
    return found


def _state(connection: Any) -> object:
    """Differs as soon as anybody, this connection too, has written what is seen from here."""
    raw = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        (by_others,) = raw.execute("PRAGMA data_version").fetchone()
        return by_others, raw.total_changes
    with raw.cursor() as cursor:
        row = cursor.execute(
            "SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned()::text"
        ).fetchone()
    return tuple(row)
