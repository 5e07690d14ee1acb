"""A board as a document would show it, before anything is stored."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from incentives.core.boards.parts import SIGNED_IN
from incentives.core.boards.privacy import Viewer
from incentives.operations.board_look import look_at_draft
from incentives.operations.check_board import checked_board
from incentives.operations.read_board import BoardReading, reading_of
from incentives.store.boards import Board

ROWS = 20


def preview_board(
    document: Mapping[str, Any],
    *,
    viewer: Viewer,
    now: datetime,
    period: str | None = None,
    first: int = 0,
    limit: int | None = ROWS,
) -> BoardReading:
    """The board with today's results, as this viewer would see it. Raises Invalid."""
    definition = checked_board(document)
    draft = Board(
        slug="preview", name=definition.name, document=dict(document), salt="preview", revision=0
    )
    found = look_at_draft(draft, definition, viewer=viewer, now=now, period=period)
    return reading_of(found, first=first, limit=limit)


def preview_for(document: Mapping[str, Any], role: str, *, now: datetime) -> BoardReading:
    """The board as somebody of a role would see it: where each sees other rows, as somebody from
    the middle of it. Raises Invalid."""
    reading = preview_board(document, viewer=Viewer(role), now=now)
    if not reading.is_personal or role not in SIGNED_IN or not reading.entrants:
        return reading
    middle = reading.look.snapshot.rows[reading.entrants // 2].entrant.id
    members = reading.look.snapshot.field.members_of(middle)
    return (
        preview_board(document, viewer=Viewer(role, min(members)), now=now) if members else reading
    )
