"""Read what a month pays: by payee, by team, what needs a look, and whether the sums agree."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from incentives.core.calendar import Period
from incentives.core.pay_periods import MONTH
from incentives.core.settlement import Settlement, side_by_side
from incentives.operations.read_settlement import (
    Account,
    Settled,
    pay_periods_in,
    read_accounts,
    settled_in,
)
from incentives.operations.read_statement import touches
from incentives.store import calculation_issues, ledger, markers, people, teams
from incentives.store.companies import Company, the_company
from incentives.store.people import Person


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payee's month in one currency, in minor units. `notes` say why it needs a look.

    `settlement` is how commission and prizes became what is paid. `before_minor` is what was paid
    the month before, None where it is not for the reader to see.
    """

    payee: Person
    team: str
    office: str
    colour: int
    currency: str
    commission_minor: int
    prizes_minor: int
    settlement: Settlement
    before_minor: int | None
    notes: tuple[str, ...]
    is_parked: bool

    @property
    def earned_minor(self) -> int:
        return self.commission_minor + self.prizes_minor

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
    """`pay_periods` are the keys of those that end in the period."""

    period: Period
    now: datetime
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
    calendar = company.calendar
    accounts = read_accounts(
        payee_ids,
        calendar=calendar,
        as_of=calendar.day_of(now),
        since=calendar.before(period).first_day,
    )
    rows = tuple(_rows(period, company, accounts, payee_ids, before_ids))
    by_team = tuple(_by_team(rows))
    pays = sorted({account.pays for account in accounts} | {MONTH})
    keys = [key for each in pays for key in pay_periods_in(period, each, calendar)]
    controls = tuple(_controls(keys, rows, by_team)) if payee_ids is None else ()
    return Payouts(
        period=period,
        now=now,
        company=company,
        rows=rows,
        by_team=by_team,
        controls=controls,
        pay_periods=tuple(keys),
        behind=len(markers.stale_payees()),
    )


def _rows(
    period: Period,
    company: Company,
    accounts: Sequence[Account],
    payee_ids: Collection[int] | None,
    before_ids: Collection[int] | None,
) -> Iterable[PayoutRow]:
    now = _by_payee(settled_in(accounts, period, company.calendar))
    before = _by_payee(settled_in(accounts, company.calendar.before(period), company.calendar))
    homes = {stay.payee_id: stay for stay in teams.stays(period)}
    notes = _notes(period, company, payee_ids)
    parked = markers.parked()
    for payee in people.payees():
        if payee_ids is not None and payee.id not in payee_ids:
            continue
        before_seen = before_ids is None or payee.id in before_ids
        earlier = before.get(payee.id, {}) if before_seen else {}
        settled = now.get(payee.id, {})
        currencies = {*_that_say_something(settled), *_that_say_something(earlier)}
        if payee.id not in homes and not currencies:
            continue
        home = homes.get(payee.id)
        for currency in [company.currency, *sorted(currencies - {company.currency})]:
            rows = settled.get(currency, [])
            own = currency == company.currency
            yield PayoutRow(
                payee=payee,
                team=home.team if home else "",
                office=home.office if home else "",
                colour=home.colour if home else 0,
                currency=currency,
                commission_minor=sum(row.settlement.earned for row in rows if row.account.plan),
                prizes_minor=sum(row.settlement.earned for row in rows if not row.account.plan),
                settlement=_together(period, rows),
                before_minor=_together(period, earlier.get(currency, [])).payout
                if before_seen
                else None,
                notes=tuple(notes.get(payee.id, ())) if own else (),
                is_parked=payee.id in parked and own,
            )


# What a payee's accounts pay, by currency.
_ByCurrency = dict[str, list[Settled]]


def _by_payee(settled: Iterable[Settled]) -> dict[int, _ByCurrency]:
    found: dict[int, _ByCurrency] = {}
    for row in settled:
        account = row.account
        found.setdefault(account.payee_id, {}).setdefault(account.currency, []).append(row)
    return found


def _that_say_something(settled: _ByCurrency) -> Iterable[str]:
    """The currencies in which something was earned, paid, or is still to be settled."""
    return (
        currency for currency, rows in settled.items() if any(not r.settlement.is_nil for r in rows)
    )


def _together(period: Period, rows: Iterable[Settled]) -> Settlement:
    return side_by_side(period.key, [row.settlement for row in rows])


def _notes(
    period: Period, company: Company, payee_ids: Collection[int] | None
) -> dict[int, list[str]]:
    """Why a payee needs a look, in sentences."""
    notes: dict[int, list[str]] = {}
    for payee_id in markers.parked():
        notes.setdefault(payee_id, []).append(
            "Could not be calculated, so the last good figures stand. An administrator sees why."
        )
    for issue in calculation_issues.issues_of(payee_ids):
        sentences = notes.setdefault(issue.payee_id, [])
        if touches(issue.period, period, company.calendar) and issue.message not in sentences:
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
