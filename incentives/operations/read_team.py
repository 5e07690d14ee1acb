"""Read a manager's team: attainment against pace, who is where in which number, what is open."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext

from incentives.core.calendar import Period
from incentives.core.measures import KPIS, DayResult, Kpi
from incentives.core.money import EXACT
from incentives.core.pace import pace
from incentives.core.standings import MeasuredSpan, kpi_told, sum_by_payee
from incentives.core.working_days import working_days_left
from incentives.operations.board_rows import attainment
from incentives.operations.contest_standings import the_field
from incentives.store import day_results, open_deals, quotas, teams
from incentives.store.companies import Company, the_company
from incentives.store.holidays import holidays
from incentives.store.people import Person

# The numbers of the heat table, left to right; those that nobody has are left out.
COLUMNS = (
    "revenue",
    "deals_won",
    "win_rate",
    "average_deal",
    "points",
    "calls",
    "meetings",
    "demos",
)
OLD_DAYS = 60
REVENUE = "revenue"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, and its share of the target where one is set."""

    value: Decimal | None
    target: Decimal | None
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class OpenDeals:
    count: int
    old: int
    oldest_days: int | None


@dataclass(frozen=True, slots=True)
class TeamRow:
    """`this_week` and `last_week` are (deals won, revenue)."""

    person: Person
    cells: dict[str, Cell]
    on_target: int
    with_target: int
    this_week: tuple[Decimal, Decimal]
    last_week: tuple[Decimal, Decimal]
    open: OpenDeals


@dataclass(frozen=True, slots=True)
class TeamAttainment:
    """Revenue of the running quarter by those who have a quota, against all their quotas."""

    quarter: Period
    credited: Decimal
    quota: Decimal
    ratio: Decimal | None
    pace: Decimal
    months: list[tuple[Period, Decimal]]
    past_quota: int
    people: int
    working_days_left: int

    @property
    def missing(self) -> Decimal:
        return max(Decimal(0), self.quota - self.credited)

    @property
    def needed_a_day(self) -> Decimal | None:
        """What is missing, spread over the working days left; None when none is left."""
        if not self.working_days_left:
            return None
        with localcontext(EXACT):
            return self.missing / self.working_days_left


@dataclass(frozen=True, slots=True)
class TeamReading:
    names: list[str]
    today: date
    period: Period
    company: Company
    columns: list[Kpi]
    rows: list[TeamRow]
    attainment: TeamAttainment


def read_team(manager_id: int, *, period_kind: str, now: datetime) -> TeamReading:
    """The people in a manager's teams today, with what they did while in them."""
    company = the_company()
    calendar = company.calendar
    today = calendar.day_of(now)
    period = calendar.period_of(today, period_kind)
    team_ids = teams.teams_managed_by(manager_id, today)
    members = teams.team_members(team_ids, today) if team_ids else []
    done = _Done(team_ids, calendar.period_of(today, "year"), members)
    columns = [KPIS[slug] for slug in COLUMNS if done.has(KPIS[slug], period)]
    return TeamReading(
        names=[team.name for team in teams.all_teams() if team.id in team_ids],
        today=today,
        period=period,
        company=company,
        columns=columns,
        rows=_rows(members, columns, period, done, company, now),
        attainment=_attainment(members, done, company, today),
    )


class _Done:
    """What the members did, while in the teams, over any part of a long enough span."""

    def __init__(self, team_ids: Collection[int], year: Period, members: Sequence[Person]) -> None:
        self.ids = [member.id for member in members]
        first = min(year.first_day, year.first_day.replace(month=1, day=1))
        # A week or a quarter may begin in the year before.
        span = Period("span", "", first.replace(year=first.year - 1), year.end_day)
        measures = {measure for slug in COLUMNS for measure in KPIS[slug].measures}
        found = day_results.day_results(measures, span, self.ids) if self.ids else []
        entered = the_field(team_ids, span) if team_ids else None
        self.days: list[DayResult] = [
            day for day in found if entered and entered.was_in(day.payee_id, day.day)
        ]

    def over(self, period: Period) -> Mapping[int, MeasuredSpan]:
        return defaultdict(MeasuredSpan, sum_by_payee(self.days, period))

    def has(self, kpi: Kpi, period: Period) -> bool:
        """Whether anybody has this number, or a target for it."""
        if any(span.values.get(kpi.counts) for span in self.over(period).values()):
            return True
        return bool(quotas.quotas_for(kpi.counts, period.key, self.ids))


def _rows(
    members: Sequence[Person],
    columns: Sequence[Kpi],
    period: Period,
    done: _Done,
    company: Company,
    now: datetime,
) -> list[TeamRow]:
    calendar = company.calendar
    week = calendar.period_of(calendar.day_of(now), "week")
    spans, this, last = (done.over(p) for p in (period, week, calendar.before(week)))
    targets = {kpi.slug: _targets(kpi, period, done.ids) for kpi in columns}
    opened = _open_deals(done.ids, now)
    rows = []
    for member in members:
        cells = {
            kpi.slug: _cell(kpi, spans[member.id], targets[kpi.slug].get(member.id))
            for kpi in columns
        }
        shares = [cell.share for cell in cells.values() if cell.share is not None]
        rows.append(
            TeamRow(
                person=member,
                cells=cells,
                on_target=sum(1 for share in shares if share >= 1),
                with_target=len(shares),
                this_week=_deals_and_revenue(this[member.id]),
                last_week=_deals_and_revenue(last[member.id]),
                open=opened.get(member.id, OpenDeals(0, 0, None)),
            )
        )
    return rows


def _targets(kpi: Kpi, period: Period, ids: Sequence[int]) -> dict[int, Decimal]:
    return quotas.quotas_for(kpi.counts, period.key, ids) if kpi.over is None else {}


def _cell(kpi: Kpi, span: MeasuredSpan, target: Decimal | None) -> Cell:
    value = kpi_told(kpi, span.values)
    return Cell(value, target, attainment(value, target))


def _deals_and_revenue(span: MeasuredSpan) -> tuple[Decimal, Decimal]:
    return span.values.get("deals_won", Decimal(0)), span.values.get(REVENUE, Decimal(0))


def _open_deals(ids: Sequence[int], now: datetime) -> dict[int, OpenDeals]:
    ages: dict[int, list[int | None]] = defaultdict(list)
    for payee_id, opened_at in open_deals.open_deals_of(ids):
        ages[payee_id].append((now - opened_at).days if opened_at else None)
    return {
        payee_id: OpenDeals(
            count=len(found),
            old=sum(1 for age in found if age is not None and age > OLD_DAYS),
            oldest_days=max((age for age in found if age is not None), default=None),
        )
        for payee_id, found in ages.items()
    }


def _attainment(
    members: Sequence[Person], done: _Done, company: Company, today: date
) -> TeamAttainment:
    calendar = company.calendar
    quarter = calendar.period_of(today, "quarter")
    goals = quotas.quotas_for(REVENUE, quarter.key, done.ids)
    spans = done.over(quarter)
    credited = {payee_id: spans[payee_id].values.get(REVENUE, Decimal(0)) for payee_id in goals}
    off = holidays()
    total, quota = sum(credited.values(), Decimal(0)), sum(goals.values(), Decimal(0))
    return TeamAttainment(
        quarter=quarter,
        credited=total,
        quota=quota,
        ratio=attainment(total, quota),
        pace=pace(quarter, today, off),
        months=[
            (month, sum((_revenue(done.over(month)[i]) for i in goals), Decimal(0)))
            for month in calendar.parts(quarter, "month")
            if month.first_day <= today
        ],
        past_quota=sum(1 for i, value in credited.items() if goals[i] and value >= goals[i]),
        people=len(goals),
        working_days_left=working_days_left(quarter, today, off),
    )


def _revenue(span: MeasuredSpan) -> Decimal:
    return span.values.get(REVENUE, Decimal(0))
