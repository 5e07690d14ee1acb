"""Boards as the service shows them, for the checker, which does not know the service."""

from fractions import Fraction

from incentives.operations.read_board import read_board
from incentives.store.boards import all_boards
from incentives.verify.book import Book, ShownBoard


def shown_boards(book: Book) -> list[ShownBoard]:
    """Every board as the service shows it now."""
    found = []
    for board in all_boards():
        reading = read_board(board.slug, now=book.now)
        rows = [
            (
                row.standing.entrant_id,
                None if row.standing.score is None else str(Fraction(row.standing.score)),
                row.standing.place,
            )
            for row in reading.rows
        ]
        period = reading.period
        found.append(ShownBoard(board.slug, board.kpi, period.first_day, period.end_day, rows))
    return found
