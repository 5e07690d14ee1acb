"""Why somebody stands where they stand: the activities that make a score, and what comes next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext

from incentives.core.activity import Credit
from incentives.core.day_results import company_value
from incentives.core.exchange import ExchangeRates
from incentives.core.measures import MEASURES, POINTS
from incentives.core.money import EXACT
from incentives.errors import NotFound
from incentives.operations.read_board import BoardReading, BoardRow, read_board
from incentives.store import teams
from incentives.store.activities import credits_between
from incentives.store.exchange_rates import the_rates
from incentives.store.ledger import PointsEarned, points_earned
from incentives.store.plans import version_labels

# What it takes to be among the best tenth, quarter and half.
BENCHMARKS = (50, 25, 10)


@dataclass(frozen=True, slots=True)
class Contribution:
    """One activity behind a score. `value` is what it adds to the counted measure."""

    credit: Credit
    day: date
    value: Decimal
    points: int
    plan: str


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The score at the edge of the top `percent` of the board."""

    percent: int
    score: Decimal


@dataclass(frozen=True, slots=True)
class Contributions:
    board: BoardReading
    row: BoardRow
    items: list[Contribution]
    level_with: list[BoardRow]
    benchmarks: list[Benchmark]

    @property
    def value(self) -> Decimal:
        with localcontext(EXACT):
            return sum((item.value for item in self.items), Decimal(0))

    @property
    def points(self) -> int:
        return sum(item.points for item in self.items)


def read_contributions(
    slug: str, payee_id: int, *, period: str | None, team: str | None, now: datetime
) -> Contributions:
    """Everything that makes one entrant's score on a board, newest first."""
    board = read_board(slug, period=period, team=team, now=now)
    row = next((row for row in board.rows if row.entrant.id == payee_id), None)
    if row is None:
        raise NotFound("This person is not on the board in that period.")
    return Contributions(
        board=board,
        row=row,
        items=_items(board, payee_id, now),
        level_with=[
            other
            for other in board.rows
            if row.standing.tied
            and other.standing.place == row.standing.place
            and other.entrant.id != payee_id
        ],
        benchmarks=_benchmarks(board.rows),
    )


def _items(board: BoardReading, payee_id: int, now: datetime) -> list[Contribution]:
    calendar = board.company.calendar
    start, end = calendar.span(board.period)
    was_there = _was_there(board, payee_id)
    credits = [
        credit
        for _, credit in credits_between([payee_id], start, min(end, now))
        if was_there(calendar.day_of(credit.occurred_at))
    ]
    if board.kpi.counts == POINTS:
        # Points are those of the activity, whether by a share or by an overlay, and listed once.
        credits = list({credit.activity_id: credit for credit in credits}.values())
    points = points_earned(payee_id, [credit.activity_id for credit in credits])
    labels, rates = version_labels(), the_rates()
    nothing = PointsEarned(0, None)
    items = []
    for credit in sorted(credits, key=lambda credit: credit.place, reverse=True):
        earned = points.get(credit.activity_id, nothing)
        day = calendar.day_of(credit.occurred_at)
        value = _value(board, credit, day, earned.amount, rates)
        if value is not None:
            plan = labels.get(earned.plan_version_id or 0, "")
            items.append(Contribution(credit, day, value, earned.amount, plan))
    return items


def _was_there(board: BoardReading, payee_id: int) -> Callable[[date], bool]:
    """On which days an entrant was in the board's team; on a board for everyone all count."""
    if board.team is None:
        return lambda day: True
    inside = teams.with_teams_inside([board.team.id])
    stays = [stay for stay in teams.stays(board.period, inside) if stay.payee_id == payee_id]
    return lambda day: any(stay.covers(day) for stay in stays)


def _value(
    board: BoardReading, credit: Credit, day: date, points: int, rates: ExchangeRates
) -> Decimal | None:
    """What a credit adds; for a ratio also what only counts below the line, such as lost deals."""
    kpi = board.kpi
    if kpi.counts == POINTS:
        return Decimal(points) if points else None

    def value_in(measure: str) -> Decimal | None:
        return company_value(MEASURES[measure], credit, day, board.company.currency, rates)

    value = value_in(kpi.counts)
    if value is None and kpi.over and value_in(kpi.over) is not None:
        return Decimal(0)
    return value


def _benchmarks(rows: Sequence[BoardRow]) -> list[Benchmark]:
    ranked = [row.standing.score for row in rows if row.standing.score is not None]
    if len(ranked) < 4:
        return []
    # The last place that still belongs to the top share, counted up: a tenth of 35 is 4 people.
    return [
        Benchmark(percent, ranked[-(-len(ranked) * percent // 100) - 1]) for percent in BENCHMARKS
    ]
