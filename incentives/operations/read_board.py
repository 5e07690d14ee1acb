"""Read a board: everyone's place, gap, movement, splits and attainment over a period."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext

from incentives.core.calendar import PERIOD_KINDS, Calendar, Period
from incentives.core.measures import KPIS, DayResult, Kpi
from incentives.core.money import EXACT
from incentives.core.ranking import Standing, movement
from incentives.core.standings import Entrant, kpi_value, standings, sum_by_payee, until
from incentives.errors import NotFound
from incentives.store import day_results, markers, quotas, teams
from incentives.store.boards import Board, board_by_slug
from incentives.store.companies import Company, the_company
from incentives.store.teams import Stay, Team

# A quarter shows its months and weeks, a month its weeks, a week its days.
_SPLITS = {"year": "quarter", "quarter": "month"}
_BARS = {"year": "month", "quarter": "week", "month": "week", "week": "day"}


@dataclass(frozen=True, slots=True)
class BoardRow:
    """`moved` is places climbed since the start of today, None where that cannot be told.

    `splits` and `bars` follow the periods of the reading; `attainment` is score ÷ quota.
    """

    entrant: Entrant
    standing: Standing
    moved: int | None
    splits: list[Decimal | None]
    bars: list[Decimal | None]
    quota: Decimal | None
    attainment: Decimal | None


@dataclass(frozen=True, slots=True)
class BoardReading:
    board: Board
    kpi: Kpi
    period: Period
    team: Team | None
    version: int
    today: date
    rows: list[BoardRow]
    split_periods: list[Period]
    bar_periods: list[Period]
    company: Company

    @property
    def is_current(self) -> bool:
        return self.today in self.period

    @property
    def is_empty(self) -> bool:
        return not any(row.standing.score for row in self.rows)


def read_board(
    slug: str, *, period: str | None = None, team: str | None = None, now: datetime
) -> BoardReading:
    """The board as it is now. `period` is a kind (quarter: the current one) or a key (2026-Q3);
    `team` a team's code. Raises NotFound in the user's words."""
    board = board_by_slug(slug)
    if board is None:
        raise NotFound("There is no such board.")
    company = the_company()
    today = company.calendar.day_of(now)
    span = the_period(period or board.period_kind, company.calendar, today)
    chosen = _the_team(team)
    # Read before the rows: a version shown may contain more than it says, never less.
    version = markers.board_version()
    rows = read_rows(KPIS[board.kpi], span, chosen, company, today)
    return BoardReading(
        board=board,
        kpi=KPIS[board.kpi],
        period=span,
        team=chosen,
        version=version,
        today=today,
        rows=rows,
        split_periods=_parts(_SPLITS, span, company.calendar),
        bar_periods=_parts(_BARS, span, company.calendar),
        company=company,
    )


def the_period(name: str, calendar: Calendar, today: date) -> Period:
    """The period a kind or a key means on a day. Raises NotFound for a name that means none."""
    if name in PERIOD_KINDS:
        return calendar.period_of(today, name)
    found = calendar.period_named(name)
    if found is None:
        raise NotFound(f"{name} is no period. Write quarter, month, week, day, year or 2026-Q4.")
    return found


def _the_team(code: str | None) -> Team | None:
    if not code:
        return None
    found = teams.team_by_code(code)
    if found is None:
        raise NotFound(f"There is no team called {code}.")
    return found


def _parts(kinds: dict[str, str], period: Period, calendar: Calendar) -> list[Period]:
    kind = kinds.get(period.kind)
    return calendar.parts(period, kind) if kind else []


def read_rows(
    kpi: Kpi, period: Period, team: Team | None, company: Company, today: date
) -> list[BoardRow]:
    """The ranked rows of a KPI over a period, for everyone or for one team."""
    stays = teams.stays(period, teams.with_teams_inside([team.id]) if team else None)
    entrants = _entrants(stays)
    ids = [entrant.id for entrant in entrants]
    days = day_results.day_results(kpi.measures, period, ids)
    if team is not None:
        days = _while_there(days, stays)
    ranked = standings(kpi, entrants, days, period)
    before = _places_before(kpi, entrants, days, period, today)
    goals = quotas.quotas_for(kpi.counts, period.key, ids) if kpi.over is None else {}
    splits = _by_part(kpi, days, _parts(_SPLITS, period, company.calendar))
    bars = _by_part(kpi, days, _parts(_BARS, period, company.calendar))
    by_id = {entrant.id: entrant for entrant in entrants}
    return [
        BoardRow(
            entrant=by_id[row.entrant_id],
            standing=row,
            moved=movement(before.get(row.entrant_id), row.place),
            splits=splits(row.entrant_id),
            bars=bars(row.entrant_id),
            quota=goals.get(row.entrant_id),
            attainment=attainment(row.score, goals.get(row.entrant_id)),
        )
        for row in ranked
    ]


def attainment(credited: Decimal | None, quota: Decimal | None) -> Decimal | None:
    """Credited ÷ quota as a ratio; None without a quota, or with one of 0 (semantics 15)."""
    if credited is None or not quota:
        return None
    with localcontext(EXACT):
        return credited / quota


def _entrants(stays: Sequence[Stay]) -> list[Entrant]:
    """Everybody who was there, each in the team they were in last."""
    last = {stay.payee_id: stay for stay in stays}
    return [Entrant(stay.payee_id, stay.name, stay.office, stay.colour) for stay in last.values()]


def _while_there(days: Collection[DayResult], stays: Sequence[Stay]) -> list[DayResult]:
    """What was done while in the team: a move between teams never moves history."""
    spans: dict[int, list[Stay]] = {}
    for stay in stays:
        spans.setdefault(stay.payee_id, []).append(stay)
    return [
        result for result in days if any(stay.covers(result.day) for stay in spans[result.payee_id])
    ]


def _places_before(
    kpi: Kpi,
    entrants: Sequence[Entrant],
    days: Collection[DayResult],
    period: Period,
    today: date,
) -> dict[int, int | None]:
    """The places as they were when today began; none on the first day and in past periods."""
    earlier = until(period, today) if today in period else None
    if earlier is None:
        return {}
    return {row.entrant_id: row.place for row in standings(kpi, entrants, days, earlier)}


def _by_part(
    kpi: Kpi, days: Collection[DayResult], parts: Sequence[Period]
) -> Callable[[int], list[Decimal | None]]:
    """Gives a payee's KPI in each part of a period."""
    sums = [sum_by_payee(days, part) for part in parts]

    def of(payee_id: int) -> list[Decimal | None]:
        values = (spans[payee_id].values if payee_id in spans else {} for spans in sums)
        return [kpi_value(kpi, each) for each in values]

    return of
