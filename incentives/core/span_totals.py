"""What the credits of some days come to, each as its own version counts it (semantics 21)."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from incentives.core.sources import Source
from incentives.core.versions import ComponentSpan


def run_of_days(days: Sequence[date], first_day: date, end_day: date) -> slice:
    """Where days [first_day, end_day) lie among ascending days."""
    start = bisect_left(days, first_day)
    return slice(start, max(start, bisect_left(days, end_day)))


def is_credited(
    source: Source, pieces: Sequence[ComponentSpan], first_day: date, end_day: date
) -> bool:
    """Whether anything counts on days [first_day, end_day)."""
    for piece in pieces:
        days = source.selection(piece.component).days
        if days[run_of_days(days, max(first_day, piece.first_day), min(end_day, piece.end_day))]:
            return True
    return False


def total(
    source: Source,
    pieces: Sequence[ComponentSpan],
    first_day: date,
    end_day: date,
    *,
    moves: bool = False,
) -> Fraction:
    """What is paid on for days [first_day, end_day) or, with `moves`, what moves the position."""
    found = Fraction(0)
    for piece in pieces:
        selection = source.selection(piece.component)
        run = run_of_days(
            selection.days, max(first_day, piece.first_day), min(end_day, piece.end_day)
        )
        column = selection.moves if moves else selection.values
        found += Fraction(sum(column[run]), selection.scale)
    return found
