"""A board as a document would show it, before anything is stored."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

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
    draft = Board(slug="preview", name=definition.name, document=dict(document), salt="preview", revision=0)
    found = look_at_draft(draft, definition, viewer=viewer, now=now, period=period)
    return reading_of(found, first=first, limit=limit)
