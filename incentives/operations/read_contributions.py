"""Why somebody stands where they stand: the activities that make a score, and what comes next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction

from incentives.core.activity import Credit
from incentives.core.boards.adding_up import adds, shares_of_score
from incentives.core.boards.benchmarks import Benchmark
from incentives.core.boards.privacy import Viewer
from incentives.core.boards.readings import PER_DAY
from incentives.core.boards.tie_chain import TieReason, decided
from incentives.core.day_results import company_value
from incentives.core.exchange import ExchangeRates
from incentives.core.measures import KPIS, MEASURES, POINTS
from incentives.core.money import EXACT, as_decimal
from incentives.errors import NotFound
from incentives.operations.board_ranking import days_available, own_targets
from incentives.operations.board_rows import BoardRow
from incentives.operations.contest_standings import the_field as contest_field
from incentives.operations.read_board import BoardReading, read_board
from incentives.store import known_facts
from incentives.store.activities import credits_between
from incentives.store.exchange_rates import the_rates
from incentives.store.ledger import points_earned
from incentives.store.people import names_of
from incentives.store.plans import version_labels


@dataclass(frozen=True, slots=True)
class Contribution:
    """One activity behind a score. `value` is what it adds to the counted measure, `values` to each
    that the board counts, and `adds` to the score itself; None where the score is no sum. `payee`
    is whose it is."""

    credit: Credit
    day: date
    value: Decimal
    points: int
    plan: str
    payee: str
    values: Mapping[str, Decimal]
    adds: Decimal | None


@dataclass(frozen=True, slots=True)
class Contributions:
    """`for_periods` are points that are for a whole period and not for one activity. `level_with`
    are those of one's place whom the viewer sees; `tie` says what put the row above or below
    `tied_with`, and `first_of_tie` who would win where one has to. `above` is the next better row.
    The last three are None where the viewer does not see who it is."""

    board: BoardReading
    row: BoardRow
    items: list[Contribution]
    for_periods: int
    level_with: list[BoardRow]
    tie: TieReason | None
    tied_with: BoardRow | None
    first_of_tie: BoardRow | None
    above: BoardRow | None
    benchmarks: list[Benchmark]

    @property
    def value(self) -> Decimal:
        with localcontext(EXACT):
            return sum((item.value for item in self.items), Decimal(self.for_periods))

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
    items = sorted(_Items(board, entrant_id), key=lambda item: item.credit.place, reverse=True)
    return Contributions(
        board=board,
        row=row,
        items=items,
        for_periods=_points_for_periods(board, entrant_id),
        level_with=[each for at in level if (each := _visible(board, at))],
        tie=tie,
        tied_with=other,
        first_of_tie=_visible(board, min([seen.at, *level])) if level else None,
        above=_next_above(board, seen.at),
        benchmarks=board.benchmarks,
    )


class _Items:
    """The activities of an entrant that a board counts."""

    def __init__(self, board: BoardReading, entrant_id: int) -> None:
        self.board, self.entrant_id = board, entrant_id
        self.asked, self.field = board.look.asked, board.look.snapshot.field
        self.payees = self.field.members_of(entrant_id)
        self.kpis = self.asked.definition.kpis or (board.kpi,)
        self.shares = self._shares()

    def __iter__(self) -> Iterator[Contribution]:
        labels, rates = version_labels(), the_rates()
        names = names_of(self.payees)
        for payee_id in self.payees:
            credits = self._credits(payee_id)
            points = self._points(payee_id, credits)
            for credit in credits:
                earned, version_id = points.get(credit.activity_id, (0, None))
                values = self._values(credit, earned, rates)
                if values:
                    yield Contribution(
                        credit=credit,
                        day=self._day(credit),
                        value=values.get(self.kpis[0].counts, Decimal(0)),
                        points=earned,
                        plan=labels.get(version_id or 0, ""),
                        payee=names[payee_id],
                        values=values,
                        adds=None if self.shares is None else as_decimal(adds(values, self.shares)),
                    )

    def _day(self, credit: Credit) -> date:
        return self.asked.calendar.day_of(credit.occurred_at)

    def _credits(self, payee_id: int) -> list[Credit]:
        found = [credit for _, credit in self._known(payee_id) if self._counts(payee_id, credit)]
        if all(kpi.counts == POINTS for kpi in self.kpis):
            # Points are those of the activity, by a share or by an overlay, and listed once.
            found = list({credit.activity_id: credit for credit in found}.values())
        return found

    def _known(self, payee_id: int) -> list[tuple[int, Credit]]:
        contest, cut = self.asked.contest, self.asked.cut
        start, end = self.asked.calendar.span(self.asked.span)
        if contest is not None:
            start, end = contest.starts_at, contest.ends_at
        end = min(end, self.asked.now, cut.last or end)
        if cut.known_before is not None:
            return known_facts.credits_known([payee_id], start, end, before=cut.known_before)
        before = contest.settles_at if contest else None
        return credits_between([payee_id], start, end, received_before=before)

    def _counts(self, payee_id: int, credit: Credit) -> bool:
        """Whether it was done where the board counts it: a move between teams moves no history."""
        day, contest = self._day(credit), self.asked.contest
        if contest is not None:
            entered = contest_field([team.id for team in contest.teams], self.asked.span)
            return entered.was_in(payee_id, day)
        return self.field.entrant_of(payee_id, day) == self.entrant_id

    def _points(
        self, payee_id: int, credits: Sequence[Credit]
    ) -> dict[int, tuple[int, int | None]]:
        """The points of each activity, with the plan version that gave them."""
        ids = [credit.activity_id for credit in credits]
        now = {
            activity_id: (earned.amount, earned.plan_version_id)
            for activity_id, earned in points_earned(payee_id, ids).items()
        }
        before = self.asked.cut.known_before
        if before is None:
            return now
        held: dict[int, int] = {}
        for each in known_facts.points_known([payee_id], before=before):
            held[each.activity_id] = held.get(each.activity_id, 0) + each.points
        return {
            activity_id: (points, now.get(activity_id, (0, None))[1])
            for activity_id, points in held.items()
        }

    def _values(self, credit: Credit, points: int, rates: ExchangeRates) -> dict[str, Decimal]:
        """What a credit adds to each measure; for a ratio also what only counts below the line,
        such as lost deals."""
        found = {}
        for measure in {slug for kpi in self.kpis for slug in kpi.measures}:
            if measure == POINTS:
                value = Decimal(points) if points else None
            else:
                currency = self.asked.company.currency
                value = company_value(MEASURES[measure], credit, self._day(credit), currency, rates)
            if value is not None:
                found[measure] = value
        return found

    def _shares(self) -> Mapping[str, Fraction] | None:
        asked = self.asked
        if asked.contest is not None:
            return {kpi.counts: Fraction(1) for kpi in self.kpis if kpi.over is None} or None
        targets = {
            kpi.counts: own
            for kpi in self.kpis
            if (
                own := own_targets(
                    asked, self.field, kpi.counts, asked.span, [self.entrant_id]
                ).get(self.entrant_id)
            )
        }
        per_day = asked.definition.reading.kind == PER_DAY
        days = days_available(asked, self.field, asked.span) if per_day else {}
        return shares_of_score(asked.definition, targets, days.get(self.entrant_id, 0))


def _points_for_periods(board: BoardReading, entrant_id: int) -> int:
    """Points that no single activity gave, where points are what is counted."""
    asked, field = board.look.asked, board.look.snapshot.field
    kpis = asked.definition.kpis
    if asked.contest is not None or len(kpis) != 1 or kpis[0].counts != POINTS:
        return 0
    held = known_facts.points_known(field.members_of(entrant_id), before=asked.cut.known_before)
    last = asked.cut.last
    return sum(
        each.points
        for each in held
        if not each.activity_id
        and each.day in asked.span
        and field.entrant_of(each.payee_id, each.day) == entrant_id
        and (last is None or asked.calendar.start_of(each.day) < last)
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
    """Against the one just above, or for the first of them against the one just below."""
    if not level:
        return None, None
    rows, ties = board.look.snapshot.rows, board.definition.ties
    other = at - 1 if at - 1 in level else at + 1
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
