"""Read the months of pay: which are locked, which may be locked next, and what hinders it
(semantics 24)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from incentives.core.calendar import Calendar, Period
from incentives.core.results import MONEY
from incentives.errors import NotFound
from incentives.extensions import db
from incentives.operations.locked_months import MONTH, months_among
from incentives.operations.read_settlement import read_accounts
from incentives.operations.read_statement import touches
from incentives.store import calculation_issues, ledger, markers, parking, people
from incentives.store.companies import the_company
from incentives.store.locks import PeriodLock, lock_of, locks_of

NAMED = 10


class Hindrance(NamedTuple):
    """Why a month cannot be locked: a code for programs, and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class PayMonth:
    """A month with its lock, None while it is open. `is_next` says that it is the one to lock."""

    period: Period
    lock: PeriodLock | None
    has_ended: bool
    is_next: bool


def pay_month(key: str, calendar: Calendar) -> Period:
    """The month a key names. Raises NotFound."""
    period = calendar.period_named(key)
    if period is None or period.kind != MONTH:
        raise NotFound("Pay is locked by the month. Name one, such as 2026-11.")
    return period


def read_pay_months(*, now: datetime) -> tuple[PayMonth, ...]:
    """The months from the first with pay to the current one, the newest first."""
    calendar = the_company().calendar
    today = calendar.day_of(now)
    current = calendar.period_of(today, MONTH)
    next_month = next_to_lock(now=now) or current
    locked = months_among(locks_of(db.session()), calendar)
    first = min([*locked, next_month], key=lambda month: month.first_day)
    found, month = [], first
    while month.first_day <= current.first_day:
        found.append(
            PayMonth(month, lock_of(month.key), month.end_day <= today, month == next_month)
        )
        month = calendar.after(month)
    return tuple(reversed(found))


def next_to_lock(*, now: datetime) -> Period | None:
    """The month behind the last that is locked; before any is, the first with pay, or None."""
    calendar = the_company().calendar
    locked = months_among(locks_of(db.session()), calendar)
    return calendar.after(locked[-1]) if locked else _first_with_pay(calendar, now)


def _first_with_pay(calendar: Calendar, now: datetime) -> Period | None:
    """The first month in which anything was posted, or paid without it, such as a draw."""
    accounts = read_accounts(None, calendar=calendar, as_of=calendar.day_of(now))
    paid = {row.period for each in accounts for row in each.settlements if not row.is_nil}
    keys = paid | set(ledger.pay_periods())
    periods = [period for key in keys if (period := calendar.period_named(key))]
    months = [calendar.period_of(period.last_day, MONTH) for period in periods]
    return min(months, key=lambda month: month.first_day, default=None)


def hindrances(month: Period, *, now: datetime) -> Iterator[Hindrance]:
    """Why a month cannot be locked now, the weightiest first; nothing where it can be."""
    calendar = the_company().calendar
    lock = lock_of(month.key)
    if lock is not None:
        yield Hindrance("locked_already", _locked(month, lock, calendar))
        return
    following = next_to_lock(now=now)
    if following is not None and month.first_day < following.first_day:
        yield Hindrance(
            "closed_already",
            f"{month.key} ended before the first month with pay, so there is nothing to lock.",
        )
        return
    if calendar.day_of(now) < month.end_day:
        yield Hindrance(
            "not_over",
            f"{month.key} goes on until {month.last_day}. Lock it from {month.end_day} on.",
        )
    if following is not None and following.first_day < month.first_day:
        yield Hindrance(
            "earlier_open",
            f"Lock {following.key} first: each month begins with the balances of the one before.",
        )
    yield from _people_in_the_way(month, calendar)


def _locked(month: Period, lock: PeriodLock, calendar: Calendar) -> str:
    by = f" by {lock.person.name}" if lock.person else ""
    return (
        f"{month.key} was locked on {calendar.day_of(lock.locked_at)}{by}, and nothing unlocks it. "
        "Post an adjustment in an open pay period instead."
    )


def _people_in_the_way(month: Period, calendar: Calendar) -> Iterator[Hindrance]:
    names = {person.id: person.name for person in people.payees()}
    parked = parking.parked()
    if parked:
        yield _in_the_way(
            f"Could not be calculated: {_listed(parked, names)}. "
            "An administrator sees why on the System page."
        )
    behind = [payee_id for payee_id in markers.stale_payees() if payee_id not in parked]
    if behind:
        yield _in_the_way(
            f"News is being worked in for {_listed(behind, names)}. Try again in a moment."
        )
    paying = _money_components()
    by_message: dict[str, list[int]] = {}
    for issue in calculation_issues.issues_of():
        if issue.component in paying and touches(issue.period, month, calendar):
            by_message.setdefault(issue.message, []).append(issue.payee_id)
    for message, payee_ids in by_message.items():
        yield _in_the_way(
            f"Not everything is paid yet: {_listed(payee_ids, names)}. {message} "
            "A manager can put it right."
        )


def _in_the_way(sentence: str) -> Hindrance:
    return Hindrance("in_the_way", sentence)


def _money_components() -> set[str]:
    return {component.key for component in ledger.components_that_yield(MONEY)}


def _listed(payee_ids: Collection[int], names: dict[int, str]) -> str:
    """Up to ten names, and how many more."""
    found: Sequence[str] = sorted(_named(payee_ids, names))
    shown = ", ".join(found[:NAMED])
    return f"{shown} and {len(found) - NAMED} more" if len(found) > NAMED else shown


def _named(payee_ids: Iterable[int], names: dict[int, str]) -> set[str]:
    return {names.get(payee_id, f"Payee {payee_id}") for payee_id in payee_ids}
