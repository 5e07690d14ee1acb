"""Read a statement: what a payee has for a month, why, and what might still be wrong."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from incentives.core.calendar import Calendar, Period
from incentives.core.results import CalculationIssue
from incentives.errors import NotFound
from incentives.operations.accounts import (
    Account,
    Payee,
    Settled,
    as_payee,
    paid_with,
    settled_in,
)
from incentives.operations.locked_months import LockedMonth, locked_month
from incentives.operations.read_attainment import Attainment, read_attainment
from incentives.operations.read_corrections import Correction, read_corrections
from incentives.operations.read_earned import EarnedComponent, earned_components
from incentives.operations.read_settlement import read_accounts
from incentives.store import markers, parking, people, teams
from incentives.store.calculation_issues import issues_of
from incentives.store.companies import Company, the_company
from incentives.store.locks import PeriodLock, lock_of
from incentives.store.people import Person


@dataclass(frozen=True, slots=True)
class Statement:
    """`totals` are minor units by currency, the company's own first: sums of the components'
    amounts, which are sums of posted lines. `settled` says how they become what is `payable`.
    `year` holds what is payable in the months the reader may see. Where the month is locked, `lock`
    says since when, and all is as it was then; `kept_lines` are the rows of its file."""

    payee: Payee
    team: str
    office: str
    period: Period
    day: date
    now: datetime
    company: Company
    components: tuple[EarnedComponent, ...]
    corrections: tuple[Correction, ...]
    issues: tuple[CalculationIssue, ...]
    totals: tuple[tuple[str, int], ...]
    settled: tuple[Settled, ...]
    payable: tuple[tuple[str, int], ...]
    year: tuple[tuple[Period, int], ...]
    year_total: int
    attainment: Attainment
    is_parked: bool
    is_behind: bool
    is_current: bool
    lock: PeriodLock | None = None
    kept_lines: tuple[Mapping[str, Any], ...] | None = None


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
    """The statement of a payee for a month: as it was frozen where the month is locked, and as it
    stands now where it is open.

    `may_see` says whether the reader may see this pay as of a day: a manager who has come later
    reads no earlier months out of the year's sum.
    """
    lock = lock_of(period.key)
    frozen = locked_month(payee.id, period.key) if lock else None
    if lock is not None and frozen is not None:
        return _locked(frozen, period, lock, may_see)
    calendar = the_company().calendar
    accounts = read_accounts([payee.id], calendar=calendar, as_of=calendar.day_of(now))
    statement = open_statement(payee, period, accounts, now=now, may_see=may_see)
    return replace(statement, lock=lock)


def open_statement(
    payee: Person,
    period: Period,
    accounts: Sequence[Account],
    *,
    now: datetime,
    may_see: Callable[[date], bool] = lambda day: True,
) -> Statement:
    """The statement as it stands now, with the payee's accounts of this and earlier months."""
    company = the_company()
    calendar = company.calendar
    today = calendar.day_of(now)
    day = min(period.last_day, today)
    components = earned_components(payee.id, period, calendar)
    home = teams.membership_on(payee.id, day)
    settled = settled_in(accounts, period, calendar)
    months = _seen(year_so_far(accounts, period, company), period, may_see)
    return Statement(
        payee=as_payee(payee),
        team=home.team.name if home else "",
        office=(home.team.parent or home.team).name if home else "",
        period=period,
        day=day,
        now=now,
        company=company,
        components=components,
        corrections=read_corrections(payee.id, paid_with(period, calendar)),
        issues=tuple(_issues(payee.id, period, calendar)),
        totals=_totals(components, company.currency),
        settled=tuple(settled),
        payable=by_currency(map(_payout, settled), company.currency),
        year=months,
        year_total=sum(amount for _, amount in months),
        attainment=read_attainment(payee.id, day, calendar),
        is_parked=payee.id in parking.parked(),
        is_behind=payee.id in markers.stale_payees(),
        is_current=today in period,
    )


def _locked(
    frozen: LockedMonth, period: Period, lock: PeriodLock, may_see: Callable[[date], bool]
) -> Statement:
    company, said = the_company(), frozen.statement
    settled = settled_in(frozen.paid.accounts, period, company.calendar)
    months = _seen(said.year, period, may_see)
    return Statement(
        payee=frozen.paid.payee,
        team=said.team,
        office=said.office,
        period=period,
        day=period.last_day,
        now=lock.locked_at,
        company=company,
        components=said.components,
        corrections=said.corrections,
        issues=said.issues,
        totals=_totals(said.components, company.currency),
        settled=tuple(settled),
        payable=by_currency(map(_payout, settled), company.currency),
        year=months,
        year_total=sum(amount for _, amount in months),
        attainment=said.attainment,
        is_parked=False,
        is_behind=False,
        is_current=False,
        lock=lock,
        kept_lines=said.lines,
    )


def _totals(components: Iterable[EarnedComponent], own: str) -> tuple[tuple[str, int], ...]:
    return by_currency(((row.currency, row.amount_minor) for row in components), own)


def by_currency(amounts: Iterable[tuple[str, int]], own: str) -> tuple[tuple[str, int], ...]:
    """Sums by currency: two currencies never meet in one. The company's own is always there."""
    sums = {own: 0}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, 0) + amount
    return tuple(sums.items())


def _payout(settled: Settled) -> tuple[str, int]:
    return settled.account.currency, settled.settlement.payout


def year_so_far(
    accounts: Sequence[Account], period: Period, company: Company
) -> tuple[tuple[Period, int], ...]:
    """The months of the fiscal year up to this one, in the company's currency."""
    calendar, own = company.calendar, company.currency
    year = calendar.period_of(period.first_day, "year")
    return tuple(
        (month, dict(by_currency(map(_payout, settled_in(accounts, month, calendar)), own))[own])
        for month in calendar.parts(year, "month")
        if month.first_day <= period.first_day
    )


def _seen(
    months: Iterable[tuple[Period, int]], period: Period, may_see: Callable[[date], bool]
) -> tuple[tuple[Period, int], ...]:
    """Those that the reader may see, and always this one."""
    return tuple(each for each in months if each[0] == period or may_see(each[0].last_day))


def _issues(payee_id: int, period: Period, calendar: Calendar) -> list[CalculationIssue]:
    """Issues whose span touches the month."""
    return [
        CalculationIssue(issue.component, issue.period, issue.code, issue.message)
        for issue in issues_of([payee_id])
        if touches(issue.period, period, calendar)
    ]


def touches(key: str, period: Period, calendar: Calendar) -> bool:
    """Whether the period of a key has a day in common with another."""
    span = calendar.period_named(key)
    return span is not None and span.first_day < period.end_day and period.first_day < span.end_day
