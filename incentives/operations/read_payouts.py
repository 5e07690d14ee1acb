"""Read what a month pays: by payee, by team, what needs a look, and whether the sums agree."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from incentives.core.calendar import Period
from incentives.operations.read_statement import touches
from incentives.store import calculation_issues, ledger, markers, people, teams
from incentives.store.companies import Company, the_company
from incentives.store.people import Person


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payee's month in one currency, in minor units. `notes` say why it needs a look.

    `before_minor` is the month before, None where it is not for the reader to see.
    """

    payee: Person
    team: str
    office: str
    colour: int
    currency: str
    commission_minor: int
    prizes_minor: int
    before_minor: int | None
    notes: tuple[str, ...]
    is_parked: bool

    @property
    def total_minor(self) -> int:
        return self.commission_minor + self.prizes_minor

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
    total_minor: int


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """The same money added up three ways. They agree, or something is wrong."""

    currency: str
    lines: int
    lines_minor: int
    statements_minor: int
    teams_minor: int

    @property
    def agrees(self) -> bool:
        return self.lines_minor == self.statements_minor == self.teams_minor


@dataclass(frozen=True, slots=True)
class Payouts:
    period: Period
    now: datetime
    company: Company
    rows: tuple[PayoutRow, ...]
    by_team: tuple[TeamRow, ...]
    controls: tuple[ControlTotal, ...]
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
    rows = tuple(_rows(period, company, payee_ids, before_ids))
    by_team = tuple(_by_team(rows))
    controls = tuple(_controls(period, rows, by_team)) if payee_ids is None else ()
    return Payouts(
        period=period,
        now=now,
        company=company,
        rows=rows,
        by_team=by_team,
        controls=controls,
        behind=len(markers.stale_payees()),
    )


def _rows(
    period: Period,
    company: Company,
    payee_ids: Collection[int] | None,
    before_ids: Collection[int] | None,
) -> Iterable[PayoutRow]:
    commission, prizes = _paid(period.key, payee_ids)
    before = _sums(*_paid(company.calendar.before(period).key, before_ids))
    homes = {stay.payee_id: stay for stay in teams.stays(period)}
    notes = _notes(period, company, payee_ids)
    parked = markers.parked()
    earned = commission.keys() | prizes.keys() | before.keys()
    for payee in people.payees():
        if payee_ids is not None and payee.id not in payee_ids:
            continue
        currencies = {currency for payee_id, currency in earned if payee_id == payee.id}
        if payee.id not in homes and not currencies:
            continue
        home = homes.get(payee.id)
        before_seen = before_ids is None or payee.id in before_ids
        for currency in [company.currency, *sorted(currencies - {company.currency})]:
            key = (payee.id, currency)
            own = currency == company.currency
            yield PayoutRow(
                payee=payee,
                team=home.team if home else "",
                office=home.office if home else "",
                colour=home.colour if home else 0,
                currency=currency,
                commission_minor=commission.get(key, 0),
                prizes_minor=prizes.get(key, 0),
                before_minor=before.get(key, 0) if before_seen else None,
                notes=tuple(notes.get(payee.id, ())) if own else (),
                is_parked=payee.id in parked and own,
            )


Sums = dict[tuple[int, str], int]


def _paid(period: str, payee_ids: Collection[int] | None) -> tuple[Sums, Sums]:
    """Commission and prizes by payee and currency."""
    commission: Sums = {}
    prizes: Sums = {}
    for paid in ledger.pay_totals(period, payee_ids):
        sums = prizes if paid.is_prize else commission
        key = (paid.payee_id, paid.currency)
        sums[key] = sums.get(key, 0) + paid.amount_minor
    return commission, prizes


def _sums(one: Sums, other: Sums) -> Sums:
    return {key: one.get(key, 0) + other.get(key, 0) for key in one.keys() | other.keys()}


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
            sum(row.total_minor for row in members),
        )


def _controls(
    period: Period, rows: Sequence[PayoutRow], by_team: Sequence[TeamRow]
) -> Iterable[ControlTotal]:
    """Lines are summed one by one, statements by payee, teams by team: three separate ways."""
    lines: dict[str, tuple[int, int]] = {}
    for line in ledger.pay_lines(period.key):
        count, total = lines.get(line.currency or "", (0, 0))
        lines[line.currency or ""] = count + 1, total + line.amount
    for currency in dict.fromkeys([*(row.currency for row in rows), *lines]):
        count, total = lines.get(currency, (0, 0))
        yield ControlTotal(
            currency,
            count,
            total,
            sum(row.total_minor for row in rows if row.currency == currency),
            sum(row.total_minor for row in by_team if row.currency == currency),
        )
