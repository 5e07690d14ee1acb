"""Cash received on deals, by which a holdback is released (semantics 10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from incentives.core.activity import CASH
from incentives.core.calendar import Calendar
from incentives.core.posting import OpenPeriods

# The attributes of a cash activity that name its deal.
DEAL, DEAL_SOURCE = "deal", "deal_source"

DealKey = tuple[str, str]


def deal_named(kind: str, source: str, attributes: Mapping[str, str]) -> DealKey | None:
    """(source, external id) of the deal that cash was received on; None for any other activity.

    Without `deal_source` the deal is told by the same source as the cash.
    """
    if kind != CASH:
        return None
    return attributes.get(DEAL_SOURCE) or source, attributes.get(DEAL, "")


@dataclass(frozen=True, slots=True)
class Cash:
    """One payment on a deal, in major units; less than 0 is a refund."""

    deal: DealKey
    amount: Decimal
    currency: str | None
    occurred_at: datetime
    received_at: datetime
    reversed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """An amount, in major units, as it counts from a company day on."""

    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DealCash:
    """A deal's amount and what was received on it, in one currency."""

    amount: Decimal
    receipts: tuple[Receipt, ...] = ()

    def share_before(self, day: date) -> Fraction:
        """The share of the deal's amount received before a day, from 0 to 1.

        A deal of 0 or less has nothing to wait for.
        """
        if self.amount <= 0:
            return Fraction(1)
        received = sum(Fraction(each.amount) for each in self.receipts if each.day < day)
        return min(Fraction(1), max(Fraction(0), received / Fraction(self.amount)))


class CashBook:
    """When cash counts: on the day it was received, or where its pay period was locked before we
    learnt of it, from the first day of the first open one. What was paid is never changed."""

    def __init__(self, calendar: Calendar, pays: str, locks: Mapping[str, datetime]) -> None:
        self._calendar = calendar
        self._pays = pays
        self._locks = locks

    def of_deal(self, amount: Decimal, currency: str | None, cash: Iterable[Cash]) -> DealCash:
        """What was received on a deal. Cash in another currency than the deal's does not count."""
        receipts = [
            receipt
            for each in cash
            if each.currency == currency
            for receipt in self._receipts(each)
        ]
        return DealCash(amount, tuple(receipts))

    def _receipts(self, cash: Cash) -> Iterable[Receipt]:
        yield Receipt(self._day(cash.occurred_at, cash.received_at), cash.amount)
        if cash.reversed_at is not None:
            yield Receipt(self._day(cash.occurred_at, cash.reversed_at), -cash.amount)

    def _day(self, occurred_at: datetime, learnt_at: datetime) -> date:
        day = self._calendar.day_of(occurred_at)
        origin = self._calendar.period_of(day, self._pays).key
        locked = {key for key, locked_at in self._locks.items() if locked_at <= learnt_at}
        counts_in = OpenPeriods(self._calendar, locked).first_from(origin)
        if counts_in == origin:
            return day
        period = self._calendar.period_named(counts_in)
        assert period is not None, "an open period has a name"
        return period.first_day
