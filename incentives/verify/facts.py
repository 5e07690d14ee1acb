"""What a payee did, straight from the activities: the checker's own reading of the facts."""

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from incentives.verify.book import Book, as_instant
from incentives.verify.company_days import as_micros

# Amounts, quantities and per cents are kept in millionths: a share of 100 % is this many.
_WHOLE = 100 * 10**6
_MILLIONTHS = 10**6

_WON, _LOST = "deal_won", "deal_lost"
# What is counted of which kinds; the attribute that is needed, and whether it is multiplied by.
MEASURES: Mapping[str, tuple[tuple[str, ...], str | None, bool]] = {
    "revenue": ((_WON,), None, False),
    "deals_won": ((_WON,), None, False),
    "deals_closed": ((_WON, _LOST), None, False),
    "days_to_close": ((_WON,), "days_to_close", True),
    "deals_dated": ((_WON,), "days_to_close", False),
    "calls": (("call",), None, False),
    "meetings": (("meeting",), None, False),
    "demos": (("demo",), None, False),
}
MONEY_MEASURES = frozenset({"revenue"})


@dataclass(slots=True)
class Fact:
    """A payee's part of one activity that counts. `amount` is None where no exchange rate says
    what it is worth."""

    activity_id: int
    source: str
    moment: int
    day: date
    kind: str
    amount: Fraction | None
    currency: str | None
    quantity: Fraction
    attributes: Mapping[str, str]
    overlay: bool

    def measured(self, measure: str) -> Fraction | None:
        """What it adds to a measure; None where it does not count, or waits for a rate."""
        kinds, needs, is_weighed = MEASURES[measure]
        if self.kind not in kinds or (needs and needs not in self.attributes):
            return None
        if measure in MONEY_MEASURES:
            return self.amount
        if is_weighed:
            return self.quantity * Fraction(self.attributes[needs or ""])
        return self.quantity


class Rates:
    """Exchange rates as they were set: the one set last for a day holds from it on."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def on(self, currency: str | None, to: str, day: date) -> Fraction | None:
        days, rates = self._by_pair.get((currency or "", to), ([], []))
        at = bisect_right(days, day.isoformat())
        return rates[at - 1] if at else None

    @cached_property
    def _by_pair(self) -> dict[tuple[str, str], tuple[list[str], list[Fraction]]]:
        rows = self._book.snapshot.rows(
            "SELECT currency, to_currency, CAST(first_day AS VARCHAR(10)), rate "
            "FROM exchange_rate ORDER BY set_at, id"
        )
        last = {(currency, to, day): Fraction(rate, 10**10) for currency, to, day, rate in rows}
        found: dict[tuple[str, str], tuple[list[str], list[Fraction]]] = {}
        for (currency, to, day), rate in sorted(last.items()):
            days, rates = found.setdefault((currency, to), ([], []))
            days.append(day)
            rates.append(rate)
        return found


def facts_of(book: Book, payee_id: int) -> list[Fact]:
    """Everything of a payee that is due and not reversed, in the order of semantics 14: by when it
    happened, then when it came in, then source and id. Amounts are in their own currency."""
    rows = book.snapshot.rows(
        "SELECT a.id, a.source, a.external_id, a.kind, a.occurred_at, a.received_at, a.amount, "
        "a.currency, a.quantity, a.attributes, c.percent, c.overlay "
        "FROM credit c JOIN activity a ON a.id = c.activity_id "
        "WHERE c.payee_id = ? AND a.reversed = ? AND a.occurred_at IS NOT NULL",
        payee_id,
        False,
    )
    found = []
    for row in rows:
        moment, received = as_micros(as_instant(row[4])), as_micros(as_instant(row[5]))
        if moment < book.now_micros or moment < received:
            place = moment, received, row[1].encode(), row[2].encode(), row[11]
            found.append((place, _fact(book, moment, row)))
    return [fact for _, fact in sorted(found, key=lambda each: each[0])]


def _fact(book: Book, moment: int, row: tuple[Any, ...]) -> Fact:
    activity_id, source, _, kind, _, _, amount, currency, quantity, attributes, percent, _ = row
    per = _MILLIONTHS * _WHOLE
    return Fact(
        activity_id=activity_id,
        source=source,
        moment=moment,
        day=book.days.day_of(moment),
        kind=kind,
        amount=Fraction((amount or 0) * percent, per),
        currency=currency,
        quantity=Fraction(quantity * percent, per),
        attributes=json.loads(attributes),
        overlay=bool(row[11]),
    )


def in_currency(facts: list[Fact], currency: str, rates: Rates) -> list[Fact]:
    """The same with every amount in one currency, at the rate of its day (semantics 9)."""
    if all(fact.currency == currency or not fact.amount for fact in facts):
        return facts
    return [_converted(fact, currency, rates) for fact in facts]


def _converted(fact: Fact, currency: str, rates: Rates) -> Fact:
    if fact.currency == currency or (fact.currency is None and not fact.amount):
        return fact
    rate = rates.on(fact.currency, currency, fact.day)
    assert fact.amount is not None, "what is converted has not been converted before"
    worth = None if rate is None else fact.amount * rate
    return Fact(
        fact.activity_id,
        fact.source,
        fact.moment,
        fact.day,
        fact.kind,
        worth,
        currency,
        fact.quantity,
        fact.attributes,
        fact.overlay,
    )


def one_for_each_activity(facts: list[Fact]) -> list[Fact]:
    """A payee who has both a share and an overlay of one activity has one credit (semantics 8)."""
    found: dict[int, Fact] = {}
    for fact in facts:
        first = found.get(fact.activity_id)
        if first is None:
            found[fact.activity_id] = fact
            continue
        amounts = first.amount, fact.amount
        found[fact.activity_id] = Fact(
            first.activity_id,
            first.source,
            first.moment,
            first.day,
            first.kind,
            None if None in amounts else (amounts[0] or Fraction(0)) + (amounts[1] or Fraction(0)),
            first.currency,
            first.quantity + fact.quantity,
            first.attributes,
            first.overlay,
        )
    return list(found.values())
