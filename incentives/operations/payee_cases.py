"""What the sum for each of some payees needs to know, read from the store."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from incentives.core.case import Case
from incentives.core.columns import Columns
from incentives.core.plans import Agreement
from incentives.core.results import POINTS
from incentives.operations.others_credits import OthersCredits
from incentives.store import plans, quotas
from incentives.store.companies import the_company
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
        company = the_company()
        self.calendar, self.currency = company.calendar, company.currency
        self.rates = the_rates()
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
                rates=self.rates,
                locks=self.locks,
                leave=leave.get(payee_id, frozenset()),
                holidays=self._holidays,
                team_credits=self._others.of_team(payee_id, agreed),
                pool=self._others.pool_of(payee_id, agreed),
                everyone=self._others.for_budgets(agreed),
            )
            columns = as_columns(stored, self.calendar, names.get(payee_id))
            yield PayeeCase(case, columns, stored)


def _asks_for_names(agreements: Sequence[Agreement], stored: StoredCredits) -> bool:
    """Whether a plan looks at the source of a deal, or may wait for the rate of one, and says
    which: it has a deal in a currency of its own."""
    plans_agreed = [version.plan for agreed in agreements for version in agreed.versions]
    currencies = {plan.currency for plan in plans_agreed}
    foreign = len({*stored.currencies, *currencies} - {None}) > 1
    return foreign or any(plan.reads_sources for plan in plans_agreed)
