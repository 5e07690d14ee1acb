"""What a payee is paid from one plan in one currency, and in one month from all of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from incentives.core.calendar import Calendar, Period
from incentives.core.plans import PAY_PERIODS
from incentives.core.settlement import NOTHING_CARRIED, Carried, Settlement, one_after_another
from incentives.store.people import Person


@dataclass(frozen=True, slots=True)
class Account:
    """What a payee is paid from one plan in one currency; `plan` is empty, and `plan_id` 0, for
    prizes.

    `settlements` are those of all pay periods that have begun, in order; `pays` is how long they
    are. `carried` is what goes on after the last of them. `terms` are sentences of the plan version
    in force at the end.
    """

    payee_id: int
    plan_id: int
    plan: str
    currency: str
    pays: str
    terms: tuple[str, ...]
    settlements: tuple[Settlement, ...]
    carried: Carried = NOTHING_CARRIED

    def rows_in(self, period: Period, calendar: Calendar) -> tuple[Settlement, ...]:
        """The pay periods that end in a period."""
        ended = pay_periods_in(period, self.pays, calendar)
        return tuple(row for row in self.settlements if row.period in ended)

    def in_period(self, period: Period, calendar: Calendar) -> Settlement | None:
        """The pay periods that end in a period, as one; None where there is none."""
        rows = self.rows_in(period, calendar)
        return one_after_another(rows) if rows else None


def pay_periods_in(period: Period, pays: str, calendar: Calendar) -> list[str]:
    """The keys of the pay periods of a length that end in a period, and so are paid with it."""
    return [part.key for part in calendar.parts(period, pays) if part.last_day in period]


def paid_with(period: Period, calendar: Calendar) -> list[str]:
    """The keys of all pay periods that end in a period, of any length, the shortest first."""
    return [key for pays in PAY_PERIODS for key in pay_periods_in(period, pays, calendar)]


@dataclass(frozen=True, slots=True)
class Settled:
    """What an account pays in a period."""

    account: Account
    settlement: Settlement


def settled_in(accounts: Iterable[Account], period: Period, calendar: Calendar) -> list[Settled]:
    """What accounts pay in a period, without those of which no pay period ends in it."""
    found = ((account, account.in_period(period, calendar)) for account in accounts)
    return [Settled(account, settled) for account, settled in found if settled is not None]


@dataclass(frozen=True, slots=True)
class Payee:
    """Somebody who is paid, by the name they have or, in a locked month, had."""

    id: int
    code: str
    name: str


def as_payee(person: Person) -> Payee:
    return Payee(person.id, person.code, person.name)


@dataclass(frozen=True, slots=True)
class Home:
    """The team a payee was in last in a month, and its office."""

    team: str
    office: str
    colour: int


@dataclass(frozen=True, slots=True)
class PaidMonth:
    """What a payee is paid in a month, and what a list of payees says beside it: `notes` are
    sentences, why it needs a look."""

    payee: Payee
    home: Home | None
    accounts: tuple[Account, ...]
    notes: tuple[str, ...] = ()
    is_parked: bool = False
