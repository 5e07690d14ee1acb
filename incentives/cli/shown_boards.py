"""Boards as the service shows them, for the checker, which does not know the service."""

from datetime import datetime
from fractions import Fraction

from incentives.core.boards.definition import PEOPLE
from incentives.core.boards.parts import COMPANY
from incentives.core.boards.privacy import Viewer
from incentives.operations.board_look import Look, look
from incentives.operations.board_snapshots import forget
from incentives.store.boards import all_boards
from incentives.verify.book import Book, ShownBoard


def shown_boards(book: Book) -> list[ShownBoard]:
    """Every board as the service shows it now; of those that are more than plain sums or ratios of
    everybody only that they are not judged."""
    # What is kept was ranked from what was there then.
    forget()
    looks = (_look(board.slug, book.now) for board in all_boards())
    return [_shown(each) if _can_be_checked(each) else _left(each) for each in looks]


def _look(slug: str, now: datetime) -> Look:
    """Before names are masked: a checker looks at numbers."""
    return look(slug, viewer=Viewer("administrator"), now=now)


def _can_be_checked(found: Look) -> bool:
    """Whether the checker's own small arithmetic knows how this board is read."""
    said = found.definition
    reads_as_usual = said.reading.over is None and said.reading.minimum_volume is None
    return (
        said.is_plain
        and reads_as_usual
        and said.scores[0].weight == 1
        and (said.entrants, said.audience.of) == (PEOPLE, COMPANY)
        and said.divide is None
        and said.places == "competition"
        and found.frozen_at is None
    )


def _left(found: Look) -> ShownBoard:
    span = found.asked.span
    why_not = "not plain sums of everybody"
    return ShownBoard(found.board.slug, "", span.first_day, span.end_day, [], why_not)


def _shown(found: Look) -> ShownBoard:
    rows = [
        (
            row.standing.entrant_id,
            None if row.standing.score is None else str(Fraction(row.standing.score)),
            row.standing.place,
        )
        for row in found.snapshot.rows
    ]
    span = found.asked.span
    return ShownBoard(found.board.slug, found.board.kpi, span.first_day, span.end_day, rows)
