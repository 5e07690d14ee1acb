"""What the sum for one payee needs to know: a pure value that callers load (semantics 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from incentives.core.activity import Credit
from incentives.core.calendar import Calendar
from incentives.core.exchange import NO_RATES, ExchangeRates
from incentives.core.plans import Agreement

# (measure, key of the period) -> quota, as it is set. `TARGET_INCENTIVE` is one of the measures.
Quotas = Mapping[tuple[str, str], Decimal]
TARGET_INCENTIVE = "target_incentive"


@dataclass(frozen=True, slots=True)
class Membership:
    """A payee in the pool over days [first_day, end_day)."""

    payee: int
    first_day: date
    end_day: date | None


@dataclass(frozen=True, slots=True)
class Pool:
    """The whole team of a payee, for components that are `credited: pool`.

    `credits` are everybody's, each with its payee; `quotas` are the team's.
    """

    members: Sequence[Membership]
    credits: Sequence[tuple[int, Credit]]
    quotas: Quotas = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """One payee's agreements, facts and goals.

    `credits` may come in any order, reversed ones with their `reversed_at`. `team_credits` are
    those of the people the payee manages, at the dates they were managed, one for each activity.
    `everyone` is who else takes from a shared budget, with the payee's own credits among them.
    `as_of` is the last company day that has begun: floors, guarantees and quotas "to date" go as
    far. `locks` says when the pay periods that are locked were locked. `leave` and
    `holidays` are days off, of the payee and of the company.
    """

    payee: int
    agreements: Sequence[Agreement]
    credits: Sequence[Credit]
    quotas: Quotas
    calendar: Calendar
    as_of: date
    rates: ExchangeRates = NO_RATES
    locks: Mapping[str, datetime] = field(default_factory=dict)
    leave: frozenset[date] = frozenset()
    holidays: frozenset[date] = frozenset()
    team_credits: Sequence[Credit] = ()
    pool: Pool | None = None
    everyone: Sequence[tuple[int, Credit]] = ()
