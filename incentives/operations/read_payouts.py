"""Read what a month pays: by payee, by team, what needs a look, and whether the sums agree."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from incentives.core.calendar import Calendar, Period
from incentives.core.settlement import Settlement, side_by_side
from incentives.operations.accounts import (
    Account,
    Home,
    PaidMonth,
    Payee,
    Settled,
    as_payee,
    paid_with,
    settled_in,
)
from incentives.operations.locked_months import paid_in
from incentives.operations.read_settlement import read_accounts
from incentives.operations.read_statement import touches
from incentives.store import (
    adjustments,
    calculation_issues,
    ledger,
    markers,
    parking,
    people,
    teams,
)
from incentives.store.companies import Company, the_company
from incentives.store.locks import PeriodLock, lock_of


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payee's month in one currency, in minor units. `notes` say why it needs a look.

    `settlement` is how commission, prizes and adjustments became what is paid. `before_minor` is
    what was paid the month before, None where it is not for the reader to see.
    """

    payee: Payee
    team: str
    office: str
    colour: int
    currency: str
    commission_minor: int
    prizes_minor: int
    adjusted_minor: int
    settlement: Settlement
    before_minor: int | None
    notes: tuple[str, ...]
    is_parked: bool

    @property
    def earned_minor(self) -> int:
        return self.commission_minor + self.prizes_minor + self.adjusted_minor

    @property
    def total_minor(self) -> int:
        """What is paid."""
        return self.settlement.payout

    @property
    def change_minor(self) -> int | None:
        return None if self.before_minor is None else self.total_minor - self.before_minor

    @property
    def needs_a_look(self) -> bool:
        return bool(self.notes)


@dataclass(frozen=True, slots=True)
class TeamRow:
    team: str
    office: str
    colour: int
    payees: int
    currency: str
    earned_minor: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """The same money added up three ways. They agree, or something is wrong.

    `settled` leads from what was earned to what is paid, all payees together; `paid_minor` is the
    sum of the teams' payouts.
    """

    currency: str
    lines: int
    lines_minor: int
    statements_minor: int
    teams_minor: int
    settled: Settlement
    paid_minor: int

    @property
    def agrees(self) -> bool:
        earned_agrees = self.lines_minor == self.statements_minor == self.teams_minor
        return earned_agrees and self.settled.foots and self.settled.payout == self.paid_minor


@dataclass(frozen=True, slots=True)
class Payouts:
    """`pay_periods` are the keys of those that end in the period. Where it is locked, `lock` says
    since when, and all is as it was then."""

    period: Period
    now: datetime
    lock: PeriodLock | None
    company: Company
    rows: tuple[PayoutRow, ...]
    by_team: tuple[TeamRow, ...]
    controls: tuple[ControlTotal, ...]
    pay_periods: tuple[str, ...]
    behind: int

    @property
    def before(self) -> Period:
        return self.company.calendar.before(self.period)

    @property
    def is_current(self) -> bool:
        return self.company.calendar.day_of(self.now) in self.period

    def total_minor(self, currency: str) -> int:
        return sum(row.total_minor for row in self.rows if row.currency == currency)

    def before_minor(self, currency: str) -> int | None:
        """The month before of the same people, None where part of it is not to be seen."""
        sums = [row.before_minor for row in self.rows if row.currency == currency]
        seen = [amount for amount in sums if amount is not None]
        return sum(seen) if len(seen) == len(sums) else None


def read_payouts(
    period: Period,
    *,
    now: datetime,
    payee_ids: Collection[int] | None = None,
    before_ids: Collection[int] | None = None,
) -> Payouts:
    """A month of everybody, or of some payees; who earned nothing stands there with 0.

    `before_ids` are those whose month before may be seen: who joins a team brings no old pay along.
    """
    company = the_company()
    calendar, lock = company.calendar, lock_of(period.key)
    before = calendar.before(period)
    if lock is None:
        accounts = read_accounts(
            payee_ids, calendar=calendar, as_of=calendar.day_of(now), since=before.first_day
        )
        paid = open_month(period, accounts, payee_ids)
    else:
        paid = paid_in(period.key, payee_ids)
        accounts = [each for month in paid_in(before.key, payee_ids) for each in month.accounts]
    keys = paid_with(period, calendar)
    earlier = _by_payee(settled_in(accounts, before, calendar))
    adjusted = adjustments.adjusted_in(keys, payee_ids)
    rows = tuple(_rows(period, company, paid, earlier, adjusted, before_ids))
    by_team = tuple(_by_team(rows))
    controls = tuple(_controls(keys, rows, by_team)) if payee_ids is None else ()
    return Payouts(
        period=period,
        now=lock.locked_at if lock else now,
        lock=lock,
        company=company,
        rows=rows,
        by_team=by_team,
        controls=controls,
        pay_periods=tuple(keys),
        behind=0 if lock else len(markers.stale_payees()),
    )


def open_month(
    period: Period, accounts: Sequence[Account], payee_ids: Collection[int] | None
) -> list[PaidMonth]:
    """What every payee, or some, are paid in a month by what is posted and agreed now."""
    calendar = the_company().calendar
    homes = {
        stay.payee_id: Home(stay.team, stay.office, stay.colour) for stay in teams.stays(period)
    }
    notes, parked = _notes(period, calendar, payee_ids), parking.parked()
    paid: dict[int, list[Account]] = {}
    for account in accounts:
        month = replace(account, settlements=account.rows_in(period, calendar))
        paid.setdefault(account.payee_id, []).append(month)
    return [
        PaidMonth(
            payee=as_payee(payee),
            home=homes.get(payee.id),
            accounts=tuple(paid.get(payee.id, ())),
            notes=tuple(notes.get(payee.id, ())),
            is_parked=payee.id in parked,
        )
        for payee in people.payees()
        if payee_ids is None or payee.id in payee_ids
    ]


def _rows(
    period: Period,
    company: Company,
    paid: Iterable[PaidMonth],
    before: Mapping[int, "_ByCurrency"],
    adjusted: Mapping[tuple[int, str], adjustments.Adjusted],
    before_ids: Collection[int] | None,
) -> Iterable[PayoutRow]:
    for month in paid:
        payee, home = month.payee, month.home
        before_seen = before_ids is None or payee.id in before_ids
        earlier = before.get(payee.id, {}) if before_seen else {}
        settled = _by_currency(settled_in(month.accounts, period, company.calendar))
        currencies = {*_that_say_something(settled), *_that_say_something(earlier)}
        if home is None and not currencies:
            continue
        for currency in [company.currency, *sorted(currencies - {company.currency})]:
            rows = settled.get(currency, [])
            own = currency == company.currency
            by_hand = adjusted.get((payee.id, currency), adjustments.NOTHING)
            of_plans = sum(row.settlement.earned for row in rows if row.account.plan_id)
            of_none = sum(row.settlement.earned for row in rows if not row.account.plan_id)
            yield PayoutRow(
                payee=payee,
                team=home.team if home else "",
                office=home.office if home else "",
                colour=home.colour if home else 0,
                currency=currency,
                commission_minor=of_plans - by_hand.with_plans,
                prizes_minor=of_none - by_hand.with_none,
                adjusted_minor=by_hand.in_all,
                settlement=_together(period, rows),
                before_minor=_together(period, earlier.get(currency, [])).payout
                if before_seen
                else None,
                notes=month.notes if own else (),
                is_parked=month.is_parked and own,
            )


# What a payee's accounts pay, by currency.
_ByCurrency = dict[str, list[Settled]]


def _by_payee(settled: Iterable[Settled]) -> dict[int, _ByCurrency]:
    found: dict[int, list[Settled]] = {}
    for row in settled:
        found.setdefault(row.account.payee_id, []).append(row)
    return {payee_id: _by_currency(rows) for payee_id, rows in found.items()}


def _by_currency(settled: Iterable[Settled]) -> _ByCurrency:
    found: _ByCurrency = {}
    for row in settled:
        found.setdefault(row.account.currency, []).append(row)
    return found


def _that_say_something(settled: _ByCurrency) -> Iterable[str]:
    """The currencies in which something was earned, paid, or is still to be settled."""
    return (
        currency for currency, rows in settled.items() if any(not r.settlement.is_nil for r in rows)
    )


def _together(period: Period, rows: Iterable[Settled]) -> Settlement:
    return side_by_side(period.key, [row.settlement for row in rows])


def _notes(
    period: Period, calendar: Calendar, payee_ids: Collection[int] | None
) -> dict[int, list[str]]:
    """Why a payee needs a look, in sentences."""
    notes: dict[int, list[str]] = {}
    for payee_id in parking.parked():
        notes.setdefault(payee_id, []).append(
            "Could not be calculated, so the last good figures stand. An administrator sees why."
        )
    for issue in calculation_issues.issues_of(payee_ids):
        sentences = notes.setdefault(issue.payee_id, [])
        if touches(issue.period, period, calendar) and issue.message not in sentences:
            sentences.append(issue.message)
    return notes


def _by_team(rows: Sequence[PayoutRow]) -> Iterable[TeamRow]:
    """Sums of the rows by the team each payee was in last, in the order of offices and names."""
    groups: dict[tuple[str, str, str], list[PayoutRow]] = {}
    for row in rows:
        groups.setdefault((row.office, row.team, row.currency), []).append(row)
    for (office, team, currency), members in sorted(groups.items()):
        yield TeamRow(
            team or "No team",
            office,
            members[0].colour,
            len(members),
            currency,
            sum(row.earned_minor for row in members),
            sum(row.total_minor for row in members),
        )


def _controls(
    keys: Iterable[str], rows: Sequence[PayoutRow], by_team: Sequence[TeamRow]
) -> Iterable[ControlTotal]:
    """Lines are summed one by one, statements by payee, teams by team: three separate ways."""
    lines: dict[str, tuple[int, int]] = {}
    for line in chain.from_iterable(map(ledger.pay_lines, keys)):
        count, total = lines.get(line.currency or "", (0, 0))
        lines[line.currency or ""] = count + 1, total + line.amount
    for currency in dict.fromkeys([*(row.currency for row in rows), *lines]):
        count, total = lines.get(currency, (0, 0))
        yield ControlTotal(
            currency,
            count,
            total,
            sum(row.earned_minor for row in rows if row.currency == currency),
            sum(row.earned_minor for row in by_team if row.currency == currency),
            side_by_side("", [row.settlement for row in rows if row.currency == currency]),
            sum(row.total_minor for row in by_team if row.currency == currency),
        )
