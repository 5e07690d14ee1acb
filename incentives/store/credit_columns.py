"""The credits of payees as columns of whole numbers, as the sum wants them: straight from rows."""

import json
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import mul
from typing import NamedTuple

from sqlalchemy.orm import Session

from incentives.core.calendar import Calendar
from incentives.core.columns import Columns, as_micros
from incentives.store.activities import NO_DATE
from incentives.store.base import Exact, from_micros
from incentives.store.driver import Driver

# Amounts, quantities and per cents are kept in millionths; a share is amount × per cent ÷ 100.
_KEPT = 10**Exact.scale
_WHOLE = 100 * _KEPT
_FINEST = _KEPT * _WHOLE

# What had happened when it came in counts at once, whatever the clock of this machine says.
_FROM_WHAT_IS_DUE = (
    "FROM credit WHERE payee_id IN :ids "
    "AND (occurred_micros < ? OR occurred_micros < received_micros) "
    "AND (reversed_micros IS NULL OR reversed_micros >= ?) "
    "ORDER BY payee_id, occurred_micros, received_micros, source, external_id, overlay"
)


class StoredCredits(NamedTuple):
    """A payee's credits as they are kept, one column after the other, in the order of semantics 14.

    Moments are in microseconds; numbers in millionths, before the share of the payee is taken.
    """

    moments: Sequence[int] = ()
    activity_ids: Sequence[int] = ()
    overlays: Sequence[int] = ()
    reversed_at: Sequence[int | None] = ()
    kinds: Sequence[str] = ()
    amounts: Sequence[int | None] = ()
    currencies: Sequence[str | None] = ()
    quantities: Sequence[int] = ()
    percents: Sequence[int] = ()
    attributes: Sequence[str] = ()


class StoredNames(NamedTuple):
    """What the same credits are called by those who sent them. Sums seldom ask."""

    sources: Sequence[str] = ()
    external_ids: Sequence[str] = ()


class CreditReader:
    """Credits that are due at a moment, and of the reversed ones those whose reversal came in from
    an instant on: the others count as never made (semantics 5 and 19)."""

    def __init__(
        self, session: Session, *, until: datetime, reversed_from: datetime | None
    ) -> None:
        self._session = session
        self._bounds = (
            as_micros(until),
            NO_DATE if reversed_from is None else as_micros(reversed_from),
        )

    def credits_of(self, payee_ids: Collection[int]) -> dict[int, StoredCredits]:
        """Who has none is not in it."""
        columns = self._columns(
            "SELECT payee_id, occurred_micros, activity_id, overlay, reversed_micros, kind, "
            f"amount, currency, quantity, percent, attributes {_FROM_WHAT_IS_DUE}",
            payee_ids,
        )
        return {payee_id: StoredCredits._make(parts) for payee_id, parts in columns.items()}

    def names_of(self, payee_ids: Collection[int]) -> dict[int, StoredNames]:
        columns = self._columns(
            f"SELECT payee_id, source, external_id {_FROM_WHAT_IS_DUE}",
            payee_ids,
        )
        return {payee_id: StoredNames._make(parts) for payee_id, parts in columns.items()}

    def _columns(
        self, statement: str, payee_ids: Collection[int]
    ) -> dict[int, list[tuple[object, ...]]]:
        """The rows turned into columns, cut where another payee begins."""
        rows = Driver(self._session).rows_in_parts(statement, *self._bounds, ids=payee_ids)
        owners, *columns = zip(*rows, strict=True) if rows else ((),)
        found, start = {}, 0
        while start < len(owners):
            end = bisect_right(owners, owners[start], start)
            found[owners[start]] = [column[start:end] for column in columns]
            start = end
        return found


def as_columns(
    stored: StoredCredits, calendar: Calendar, names: StoredNames | None = None
) -> Columns:
    """A payee's credits as the sum takes them."""
    scale, amounts, quantities = _shares(stored)
    sources, external_ids = names or StoredNames()
    return Columns(
        activity_ids=list(stored.activity_ids),
        moments=list(stored.moments),
        days=calendar.days_of(stored.moments),
        kinds=list(stored.kinds),
        amounts=amounts,
        quantities=quantities,
        currencies=list(stored.currencies),
        attributes=list(map(_attributes, stored.attributes)),
        scale=scale,
        overlays=list(map(bool, stored.overlays)) if any(stored.overlays) else None,
        sources=list(sources),
        external_ids=list(external_ids),
        reversed_at={
            at: from_micros(micros)
            for at, micros in enumerate(stored.reversed_at)
            if micros is not None
        }
        if any(stored.reversed_at)
        else {},
    )


def _shares(stored: StoredCredits) -> tuple[int, list[int], list[int]]:
    """The payee's part of amounts and quantities, with the scale under both.

    Where it is exact, as it nearly always is, they stand in millionths like the whole. So another
    deal does not put all the others on a finer scale, and their lines need no other explanation.
    """
    whole = [amount or 0 for amount in stored.amounts], stored.quantities
    amounts, quantities = (_exact_parts(column, stored.percents) for column in whole)
    if amounts is None or quantities is None:
        amounts, quantities = (list(map(mul, column, stored.percents)) for column in whole)
        return _FINEST, amounts, quantities
    return _KEPT, amounts, quantities


def _exact_parts(whole: Sequence[int], percents: Sequence[int]) -> list[int] | None:
    """Each number's part; None where one is no whole number of millionths."""
    parts = list(whole)
    for at, percent in enumerate(percents):
        if percent != _WHOLE:
            parts[at], left = divmod(parts[at] * percent, _WHOLE)
            if left:
                return None
    return parts


# The same few attributes come again and again, and a plan seldom looks at them.
@lru_cache(maxsize=1 << 14)
def _attributes(text: str) -> Mapping[str, str]:
    found: Mapping[str, str] = json.loads(text)
    return found
