"""Read a statement: what a payee has for a month, why, and what might still be wrong."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from incentives.core.calendar import Calendar, Period
from incentives.errors import NotFound
from incentives.operations.read_attainment import Attainment, read_attainment
from incentives.operations.read_corrections import Correction, read_corrections
from incentives.operations.read_earned import EarnedComponent, earned_components
from incentives.operations.read_settlement import Account, Settled, read_accounts, settled_in
from incentives.store import markers, people, teams
from incentives.store.calculation_issues import StoredIssue, issues_of
from incentives.store.companies import Company, the_company
from incentives.store.people import Person


@dataclass(frozen=True, slots=True)
class Statement:
    """`totals` are minor units by currency, the company's own first: sums of the components'
    amounts, which are sums of posted lines. `settled` says how they become what is `payable`.
    `year` holds what is payable in the months the reader may see."""

    payee: Person
    team: str
    office: str
    period: Period
    day: date
    now: datetime
    company: Company
    components: tuple[EarnedComponent, ...]
    corrections: tuple[Correction, ...]
    issues: tuple[StoredIssue, ...]
    totals: tuple[tuple[str, int], ...]
    settled: tuple[Settled, ...]
    payable: tuple[tuple[str, int], ...]
    year: tuple[tuple[Period, int], ...]
    year_total: int
    attainment: Attainment
    is_parked: bool
    is_behind: bool
    is_current: bool


def statement_payee(code: str) -> Person:
    """The payee a statement's address names. Raises NotFound."""
    found = people.person_by_code(code)
    if found is None or not found.is_payee:
        raise NotFound("Nobody who earns is at this address.")
    return found


def statement_period(key: str, calendar: Calendar, today: date) -> Period:
    """The month a statement's address names. Raises NotFound for none, and for one to come."""
    period = calendar.period_named(key)
    if period is None or period.kind != "month":
        raise NotFound("A statement is for a month, such as 2026-11.")
    if period.first_day > today:
        raise NotFound("That month has not begun, so there is no statement yet.")
    return period


def read_statement(
    payee: Person, period: Period, *, now: datetime, may_see: Callable[[date], bool]
) -> Statement:
    """The statement of a payee for a month, as it stands now.

    `may_see` says whether the reader may see this pay as of a day: a manager who has come later
    reads no earlier months out of the year's sum.
    """
    company = the_company()
    today = company.calendar.day_of(now)
    day = min(period.last_day, today)
    components = earned_components(payee.id, period, company.calendar)
    home = teams.membership_on(payee.id, day)
    accounts = read_accounts([payee.id], calendar=company.calendar, as_of=today)
    settled = settled_in(accounts, period, company.calendar)
    months, in_year = _year_so_far(accounts, period, company, may_see)
    return Statement(
        payee=payee,
        team=home.team.name if home else "",
        office=(home.team.parent or home.team).name if home else "",
        period=period,
        day=day,
        now=now,
        company=company,
        components=components,
        corrections=read_corrections(payee.id, period.key),
        issues=tuple(_issues(payee.id, period, company.calendar)),
        totals=by_currency(
            ((row.currency, row.amount_minor) for row in components), company.currency
        ),
        settled=tuple(settled),
        payable=by_currency(map(_payout, settled), company.currency),
        year=months,
        year_total=in_year,
        attainment=read_attainment(payee.id, day, company.calendar),
        is_parked=payee.id in markers.parked(),
        is_behind=payee.id in markers.stale_payees(),
        is_current=today in period,
    )


def by_currency(amounts: Iterable[tuple[str, int]], own: str) -> tuple[tuple[str, int], ...]:
    """Sums by currency: two currencies never meet in one. The company's own is always there."""
    sums = {own: 0}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, 0) + amount
    return tuple(sums.items())


def _payout(settled: Settled) -> tuple[str, int]:
    return settled.account.currency, settled.settlement.payout


def _year_so_far(
    accounts: Sequence[Account], period: Period, company: Company, may_see: Callable[[date], bool]
) -> tuple[tuple[tuple[Period, int], ...], int]:
    """The months of the fiscal year up to this one, in the company's currency."""
    calendar, own = company.calendar, company.currency
    year = calendar.period_of(period.first_day, "year")
    months = tuple(
        (month, dict(by_currency(map(_payout, settled_in(accounts, month, calendar)), own))[own])
        for month in calendar.parts(year, "month")
        if month == period or (month.first_day < period.first_day and may_see(month.last_day))
    )
    return months, sum(amount for _, amount in months)


def _issues(payee_id: int, period: Period, calendar: Calendar) -> list[StoredIssue]:
    """Issues whose span touches the month."""
    return [issue for issue in issues_of([payee_id]) if touches(issue.period, period, calendar)]


def touches(key: str, period: Period, calendar: Calendar) -> bool:
    """Whether the period of a key has a day in common with another."""
    span = calendar.period_named(key)
    return span is not None and span.first_day < period.end_day and period.first_day < span.end_day
