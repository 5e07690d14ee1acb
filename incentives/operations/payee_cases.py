"""What the sum for each of some payees needs to know, read from the store."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from incentives.core.case import Case
from incentives.core.columns import Columns
from incentives.core.components import POOL, TEAM
from incentives.core.exchange import NO_RATES, ExchangeRates
from incentives.core.plans import Agreement
from incentives.core.results import POINTS
from incentives.operations.others_credits import OthersCredits, asks_for, plans_that_share
from incentives.store import plans, quotas
from incentives.store.companies import calendar_and_currency
from incentives.store.credit_columns import (
    CreditReader,
    StoredCredits,
    as_columns,
)
from incentives.store.exchange_rates import the_rates
from incentives.store.holidays import holidays
from incentives.store.leave import leave_days_of
from incentives.store.locks import locks_of

# What a payee has agreed to, as it would be with a draft.
Change = Callable[[Sequence[Agreement]], Sequence[Agreement]]


@dataclass(frozen=True, slots=True)
class PayeeCase:
    """A case, whose own credits stand in `columns`; `stored` is what these were made of."""

    case: Case
    columns: Columns
    stored: StoredCredits

    def is_foreign_to(self, currency: str) -> bool:
        return not set(self.stored.currencies) <= {currency, None}

    @property
    def earns_points(self) -> bool:
        return any(
            component.yields == POINTS
            for agreement in self.case.agreements
            for version in agreement.versions
            for component in version.plan.components
        )


class PayeeCases:
    """Cases by what is known at one moment, with what they have in common read once."""

    def __init__(self, session: Session, *, now: datetime) -> None:
        self.session = session
        self.now = now
        self.calendar, self.currency = calendar_and_currency(session)
        self.locks = locks_of(session)
        self._holidays = holidays()
        # A deal reversed before any pay period was locked was never made in any of them.
        self._reversed_from = min(self.locks.values(), default=None)
        self._reader = CreditReader(session, until=now, reversed_from=self._reversed_from)
        self._others = OthersCredits(self.calendar, until=now, reversed_from=self._reversed_from)

    @property
    def counting(self) -> str:
        """How days are told apart, and in which currency they are summed."""
        return f"{self.calendar!r} {self.currency}"

    @cached_property
    def rates(self) -> ExchangeRates:
        return the_rates()

    @cached_property
    def rates_said(self) -> str:
        return repr(self.rates)

    def of(
        self, payee_ids: Collection[int], *, agreed_as: Change = lambda agreed: agreed
    ) -> Iterator[PayeeCase]:
        """The cases of some payees, in order of their ids; with `agreed_as`, under other
        agreements than they have."""
        today = self.calendar.day_of(self.now)
        year = self.calendar.period_of(today, "year")
        agreements = plans.agreements_of_several(payee_ids)
        goals = quotas.quotas_of_several(payee_ids)
        leave = leave_days_of(payee_ids, year.end_day)
        credits = self._reader.credits_of(payee_ids)
        names = self._reader.names_of(
            [
                payee_id
                for payee_id in payee_ids
                if payee_id in credits and _asks_for_names(agreements[payee_id], credits[payee_id])
            ]
        )
        for payee_id in sorted(payee_ids):
            agreed = list(agreed_as(agreements[payee_id]))
            stored = credits.get(payee_id, StoredCredits())
            case = Case(
                payee=payee_id,
                agreements=agreed,
                credits=(),
                quotas=goals.get(payee_id, {}),
                calendar=self.calendar,
                as_of=today,
                rates=self._rates_for(agreed, stored),
                locks=self.locks,
                leave=leave.get(payee_id, frozenset()),
                holidays=self._holidays,
                team_credits=self._others.of_team(payee_id, agreed),
                pool=self._others.pool_of(payee_id, agreed),
                everyone=self._others.for_budgets(agreed),
            )
            columns = as_columns(stored, self.calendar, names.get(payee_id))
            yield PayeeCase(case, columns, stored)

    def _rates_for(self, agreed: Sequence[Agreement], stored: StoredCredits) -> ExchangeRates:
        """All there are; none where everything is in one currency, as it is nearly everywhere."""
        own_alone = not any(asks_for(agreed, whose) for whose in (TEAM, POOL))
        own_alone = own_alone and not plans_that_share(agreed)
        one_currency = len(_currencies(agreed, stored)) <= 1
        return NO_RATES if own_alone and one_currency else self.rates


def _currencies(agreements: Sequence[Agreement], stored: StoredCredits) -> set[str]:
    """Those of the plans, and of the deals."""
    agreed = {version.plan.currency for each in agreements for version in each.versions}
    return agreed | {currency for currency in stored.currencies if currency}


def _asks_for_names(agreements: Sequence[Agreement], stored: StoredCredits) -> bool:
    """Whether a plan looks at the source of a deal, or may wait for the rate of one, and says
    which: it has a deal in a currency of its own."""
    plans_agreed = [version.plan for agreed in agreements for version in agreed.versions]
    foreign = len(_currencies(agreements, stored)) > 1
    return foreign or any(plan.reads_sources for plan in plans_agreed)
