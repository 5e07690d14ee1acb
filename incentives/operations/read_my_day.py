"""Read a payee's own day: place, quota, pay, contests, streak and badges, now and as it began."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, localcontext

from incentives.access import REP
from incentives.core.boards.privacy import Viewer
from incentives.core.calendar import Calendar, Period
from incentives.core.measures import POINTS
from incentives.core.money import EXACT
from incentives.core.streaks import longest_run, weeks_in_a_row
from incentives.core.working_days import working_days_left
from incentives.operations.board_rows import BoardRow
from incentives.operations.read_attainment import Attainment, read_attainment
from incentives.operations.read_badges import Badges, read_badges
from incentives.operations.read_board import BoardReading, read_board
from incentives.operations.read_contest import ContestReading, read_contest
from incentives.operations.read_tier_position import TierPosition, read_tier_position
from incentives.store import day_results, ledger, markers
from incentives.store.boards import Board, all_boards
from incentives.store.companies import Company, the_company
from incentives.store.contests import LIVE, Contest, all_contests
from incentives.store.leave import days_off
from incentives.store.people import Person
from incentives.store.recognition import recognition_version

# A streak is looked back for as far as this.
LOOK_BACK = timedelta(weeks=104)


@dataclass(frozen=True, slots=True)
class Then:
    """How the day began: the same figures without what happened today."""

    credited: Decimal
    ratio: Decimal | None
    place: int | None
    commission_minor: int


@dataclass(frozen=True, slots=True)
class Streak:
    """Weeks with a win. `weeks` are those of the quarter by their first day: won or not."""

    count: int
    longest: int
    weeks: tuple[tuple[date, bool], ...]
    this_week: date


@dataclass(frozen=True, slots=True)
class MyDay:
    payee: Person
    company: Company
    now: datetime
    today: date
    month: Period
    board: BoardReading | None
    row: BoardRow | None
    points_board: Board | None
    points_today: Decimal
    points_span: Decimal
    attainment: Attainment
    working_days_left: int
    commission_minor: int
    tiers: TierPosition | None
    then: Then
    contests: tuple[ContestReading, ...]
    streak: Streak
    badges: Badges


def day_version(*, now: datetime) -> str:
    """Changes with everything that a day shows: the numbers, thanks, the date, contests that begin
    or end."""
    today = the_company().calendar.day_of(now)
    states = "".join(contest.state_at(now)[0] for contest in all_contests())
    changes = markers.board_version() + recognition_version()
    return f"{changes}-{today:%Y%m%d}-{states}"


def read_my_day(payee: Person, *, now: datetime) -> MyDay:
    """The day of a payee as it stands now."""
    company = the_company()
    calendar = company.calendar
    today = calendar.day_of(now)
    month = calendar.period_of(today, "month")
    board = _main_board(payee, now)
    row = board.own if board else None
    attainment = read_attainment(payee.id, today, calendar)
    commission = _commission(payee.id, month, company.currency, before=month.end_day)
    return MyDay(
        payee=payee,
        company=company,
        now=now,
        today=today,
        month=month,
        board=board if row else None,
        row=row,
        points_board=next((b for b in all_boards() if b.kpi == POINTS), None),
        points_today=_points(payee.id, calendar.period_of(today, "day")),
        points_span=_points(payee.id, attainment.span),
        attainment=attainment,
        working_days_left=working_days_left(
            attainment.span, today, days_off(payee.id, attainment.span.end_day)
        ),
        commission_minor=commission,
        tiers=read_tier_position(payee.id, today, calendar),
        then=Then(
            *_before_today(payee.id, attainment, today, calendar),
            _place_then(row),
            _commission(payee.id, month, company.currency, before=today),
        ),
        contests=tuple(_my_contests(payee.id, now)),
        streak=_streak(payee.id, today, attainment.span, calendar),
        badges=read_badges(payee, now=now),
    )


def _main_board(payee: Person, now: datetime) -> BoardReading | None:
    """The first board of the company is the one that places are about, as the payee sees it."""
    boards = all_boards()
    viewer = Viewer(payee.login.role if payee.login else REP, payee.id)
    return read_board(boards[0].slug, viewer=viewer, now=now) if boards else None


def _place_then(row: BoardRow | None) -> int | None:
    if row is None or row.moved is None or row.standing.place is None:
        return None
    return row.standing.place + row.moved


def _points(payee_id: int, period: Period) -> Decimal:
    return _sum(POINTS, payee_id, period)


def _sum(measure: str, payee_id: int, period: Period) -> Decimal:
    results = day_results.day_results([measure], period, [payee_id])
    with localcontext(EXACT):
        return sum((result.value for result in results), Decimal(0))


def _before_today(
    payee_id: int, attainment: Attainment, today: date, calendar: Calendar
) -> tuple[Decimal, Decimal | None]:
    done_today = _sum(attainment.measure, payee_id, calendar.period_of(today, "day"))
    with localcontext(EXACT):
        before = attainment.credited - done_today
        return before, before / attainment.quota if attainment.quota else None


def _commission(payee_id: int, month: Period, currency: str, *, before: date) -> int:
    """Commission of a month from what happened before a day, prizes aside."""
    return sum(
        line.amount
        for line in ledger.lines_of(payee_id, [month.key], ["money"])
        if line.component.plan_id is not None and line.currency == currency and line.day < before
    )


def _my_contests(payee_id: int, now: datetime) -> list[ContestReading]:
    """The live contests this payee is in, the one that ends first on top."""

    def ends(contest: Contest) -> datetime:
        return contest.ends_at

    live = [contest for contest in all_contests() if contest.state_at(now) == LIVE]
    readings = [read_contest(contest.slug, now=now) for contest in sorted(live, key=ends)]
    return [reading for reading in readings if reading.row_of(payee_id)]


def _streak(payee_id: int, today: date, span: Period, calendar: Calendar) -> Streak:
    looked_at = Period("window", "", today - LOOK_BACK, today + timedelta(days=1))
    results = day_results.day_results(["deals_won"], looked_at, [payee_id])
    won = {
        calendar.period_of(result.day, "week").first_day for result in results if result.value > 0
    }
    this_week = calendar.period_of(today, "week").first_day
    weeks = [week.first_day for week in calendar.parts(span, "week")]
    return Streak(
        count=weeks_in_a_row(won, this_week),
        longest=longest_run(won),
        weeks=tuple((first_day, first_day in won) for first_day in weeks),
        this_week=this_week,
    )
