"""Why somebody stands where they stand: the activities that make a score, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, localcontext
from functools import cached_property

from incentives.core.boards.benchmarks import Benchmark
from incentives.core.boards.privacy import Viewer
from incentives.core.boards.tie_chain import TieReason, decided
from incentives.core.measures import KPIS
from incentives.core.money import EXACT
from incentives.errors import NotFound
from incentives.operations.board_items import Contribution, Items, given_for_periods
from incentives.operations.board_rows import BoardRow
from incentives.operations.points_given import Givers, PointsGiven
from incentives.operations.read_board import BoardReading, read_board


@dataclass(frozen=True)
class Contributions:
    """`periods` are points that are for a whole period and not for one activity. `level_with` are
    those of one's place whom the viewer sees; `first_of_tie` would win where one has to, and `tie`
    says why: what put the row below the first of them, or that one above the second, `tied_with`.
    `above` is the next better row. The last three are None where the viewer does not see who it is.
    """

    board: BoardReading
    row: BoardRow
    items: list[Contribution]
    periods: list[PointsGiven]
    level_with: list[BoardRow]
    tie: TieReason | None
    tied_with: BoardRow | None
    first_of_tie: BoardRow | None
    above: BoardRow | None
    benchmarks: list[Benchmark]

    @property
    def for_periods(self) -> int:
        return sum(each.points for each in self.periods)

    @property
    def value(self) -> Decimal:
        with localcontext(EXACT):
            return sum((item.value for item in self.items), Decimal(self.for_periods))

    @cached_property
    def adds_cents(self) -> bool:
        """Whether something that is added to the score is no whole number."""
        return any(item.adds is not None and item.adds % 1 for item in self.items)

    @property
    def points(self) -> int:
        return sum(item.points for item in self.items)


def read_contributions(
    slug: str,
    entrant_id: int,
    *,
    viewer: Viewer,
    now: datetime,
    period: str | None = None,
    team: str | None = None,
    at: datetime | None = None,
) -> Contributions:
    """Everything that makes one entrant's score on a board, newest first. Raises NotFound for whom
    the viewer does not see by name."""
    board = read_board(slug, viewer=viewer, period=period, team=team, at=at, now=now, limit=0)
    seen = board.look.seen.row_of(entrant_id)
    if seen is None:
        raise NotFound("This person is not on the board in that period.")
    row = board.row_of(entrant_id)
    assert row is not None, "who is seen by name has a row"
    level = _level_with(board, seen.at)
    tie, other = _tie(board, seen.at, level)
    givers = Givers()
    items = sorted(
        Items(board.look, entrant_id, givers), key=lambda item: item.credit.place, reverse=True
    )
    return Contributions(
        board=board,
        row=row,
        items=items,
        periods=given_for_periods(board.look, entrant_id, givers),
        level_with=[each for at in level if (each := _visible(board, at))],
        tie=tie,
        tied_with=other,
        first_of_tie=_visible(board, min([seen.at, *level])) if level else None,
        above=_next_above(board, seen.at),
        benchmarks=board.benchmarks,
    )


def _level_with(board: BoardReading, at: int) -> list[int]:
    """The other places of the whole board that share one's place, in order."""
    rows = board.look.snapshot.rows
    standing, group = rows[at].standing, rows[at].group
    if standing.score is None:
        return []

    def is_level(other: int) -> bool:
        return rows[other].standing.score == standing.score and rows[other].group == group

    first = last = at
    while first > 0 and is_level(first - 1):
        first -= 1
    while last + 1 < len(rows) and is_level(last + 1):
        last += 1
    return [each for each in range(first, last + 1) if each != at]


def _tie(
    board: BoardReading, at: int, level: Sequence[int]
) -> tuple[TieReason | None, BoardRow | None]:
    """Against the first of them, or for the first against the second."""
    if not level:
        return None, None
    rows, ties = board.look.snapshot.rows, board.definition.ties
    other = level[0]
    reason = decided(rows[at].entry, rows[other].entry, [KPIS[slug] for slug in ties])
    return reason, _visible(board, other)


def _next_above(board: BoardReading, at: int) -> BoardRow | None:
    """The nearest row of the next better score."""
    rows = board.look.snapshot.rows
    place = rows[at].above
    while place is not None and at > 0:
        at -= 1
        if rows[at].standing.score != rows[at + 1].standing.score:
            return _visible(board, at)
    return None


def _visible(board: BoardReading, at: int) -> BoardRow | None:
    row = board.look.seen.named_row(at)
    return board.made(row) if row else None
