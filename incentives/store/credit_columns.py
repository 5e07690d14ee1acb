"""The credits of payees as columns of whole numbers, as the sum wants them: straight from rows."""

import json
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from math import gcd
from operator import mul
from typing import Any

from sqlalchemy.orm import Session

from incentives.core.calendar import Calendar
from incentives.core.columns import Columns, as_micros
from incentives.store.activities import NO_DATE
from incentives.store.base import Exact, from_micros
from incentives.store.driver import Driver

# Amounts, quantities and per cents are kept in millionths; a share is amount × per cent ÷ 100.
_KEPT = 10**Exact.scale
_FINEST = _KEPT * _KEPT * 100
# Where it is exact, as it nearly always is, a share stands in millionths, too. So another deal does
# not put all the others on a finer scale, in which their lines would have to be explained anew.
_COMMON = _FINEST // _KEPT

# One column of a payee's rows after the other, in the order of semantics 14: whose, when, source,
# external id, overlay, activity, reversal, kind, amount, currency, quantity, per cent, attributes.
StoredCredits = Sequence[Sequence[Any]]
NO_CREDITS: StoredCredits = ((),) * 13


def stored_credits(
    session: Session,
    payee_ids: Collection[int],
    *,
    until: datetime,
    reversed_from: datetime | None,
) -> dict[int, StoredCredits]:
    """The credits of each payee that are due, and of the reversed ones those whose reversal came in
    from an instant on: the others count as never made (semantics 5 and 19)."""
    rows = Driver(session).rows_in_parts(
        "SELECT payee_id, occurred_micros, source, external_id, overlay, activity_id, "
        "reversed_micros, kind, amount, currency, quantity, percent, attributes FROM credit "
        "WHERE payee_id IN :ids AND occurred_micros < ? "
        "AND (reversed_micros IS NULL OR reversed_micros >= ?) "
        "ORDER BY payee_id, occurred_micros, received_micros, source, external_id, overlay",
        as_micros(until),
        NO_DATE if reversed_from is None else as_micros(reversed_from),
        ids=payee_ids,
    )
    if not rows:
        return {}
    whole = list(zip(*rows, strict=True))
    owners = whole[0]
    found: dict[int, StoredCredits] = {}
    start = 0
    while start < len(owners):
        end = bisect_right(owners, owners[start], start)
        found[owners[start]] = [column[start:end] for column in whole]
        start = end
    return found


def as_columns(stored: StoredCredits, calendar: Calendar) -> Columns:
    """A payee's credits as the sum takes them."""
    _, moments, sources, external_ids, overlays, ids, reversed_at, kinds, *said = stored
    amounts, currencies, quantities, percents, attributes = said
    scale, [credited, counted] = _shares(amounts, quantities, percents)
    return Columns(
        activity_ids=list(ids),
        moments=list(moments),
        days=calendar.days_of(moments),
        kinds=list(kinds),
        amounts=credited,
        quantities=counted,
        currencies=list(currencies),
        attributes=list(map(_attributes, attributes)),
        scale=scale,
        overlays=list(map(bool, overlays)) if any(overlays) else None,
        sources=list(sources),
        external_ids=list(external_ids),
        reversed_at={
            at: from_micros(micros) for at, micros in enumerate(reversed_at) if micros is not None
        },
    )


def _shares(
    amounts: Sequence[int | None], quantities: Sequence[int], percents: Sequence[int]
) -> tuple[int, list[list[int]]]:
    """The payee's part of amounts and quantities, with the scale under both."""
    whole = [amount or 0 for amount in amounts] if None in amounts else amounts
    parts = [list(map(mul, column, percents)) for column in (whole, quantities)]
    if gcd(_COMMON, *parts[0], *parts[1]) != _COMMON:
        return _FINEST, parts
    return _KEPT, [[part // _COMMON for part in column] for column in parts]


# The same few attributes come again and again, and a plan seldom looks at them.
@lru_cache(maxsize=1 << 14)
def _attributes(text: str) -> Mapping[str, str]:
    found: Mapping[str, str] = json.loads(text)
    return found
