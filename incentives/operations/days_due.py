"""Which day results of a payee have to be made anew, and what they are.

Each calendar month has a hash of all that its days are made of. While it is the same, so are they,
and nothing is summed or compared: a late deal costs the days of its month.
"""

import hashlib
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from incentives.core.day_results import days_around, month_of, roll_up
from incentives.core.exchange import NO_RATES
from incentives.core.results import POINTS, ResultLine
from incentives.operations.payee_cases import PayeeCase, PayeeCases
from incentives.operations.said import Hashes, what_differs
from incentives.store.day_results import CalculatedDays


@dataclass(frozen=True, slots=True)
class DaysDue:
    """The days, None where they are what they were, and what is to be remembered of what they are
    made of until the next time."""

    said: Hashes
    calculated: CalculatedDays | None


def days_due(
    cases: PayeeCases, case: PayeeCase, lines: Sequence[ResultLine], before: Hashes | None
) -> DaysDue:
    """What differs from what was said before."""
    points = [line for line in lines if line.yields == POINTS] if case.earns_points else []
    spans = dict(_months(case.columns.days))
    said = _hashes(cases, case, points, spans)
    months = what_differs(before, said)
    if months == frozenset():
        return DaysDue(said, None)
    columns = case.columns
    if months is not None:
        columns = columns.only(
            [at for month, span in spans.items() if month in months for at in span]
        )
        points = [line for line in points if month_of(line.day) in months]
    rates = cases.rates if case.is_foreign_to(cases.currency) else NO_RATES
    totals = roll_up(columns, points, cases.calendar, cases.currency, rates)
    return DaysDue(said, CalculatedDays(totals, months))


def _months(days: Sequence[date]) -> Iterator[tuple[str, range]]:
    """Where each month lies in days that are in order."""
    start = 0
    while start < len(days):
        month = month_of(days[start])
        end = bisect_left(days, days_around([month])[1], start)
        yield month, range(start, end)
        start = end


def _hashes(
    cases: PayeeCases,
    case: PayeeCase,
    points: Sequence[ResultLine],
    spans: dict[str, range],
) -> dict[str, str]:
    stored = case.stored
    numbers = [
        memoryview(array("q", column))
        for column in (
            stored.moments,
            stored.overlays,
            [at or 0 for at in stored.reversed_at],
            [amount or 0 for amount in stored.amounts],
            stored.quantities,
            stored.percents,
        )
    ]
    texts = (stored.kinds, [each or "" for each in stored.currencies], stored.attributes)
    rates = cases.rates_said if case.is_foreign_to(cases.currency) else ""
    common = hashlib.sha256(f"{cases.counting} {rates}".encode())
    hashes = defaultdict[str, Any](hashlib.sha256)
    for month, span in spans.items():
        part = slice(span.start, span.stop)
        found = common.copy()
        for column in numbers:
            found.update(column[part])
        for said in texts:
            found.update("\n".join(said[part]).encode())
        hashes[month] = found
    for month, lines in groupby(points, lambda line: month_of(line.day)):
        said = [f"{line.day} {line.amount} {line.activity_id}\n" for line in lines]
        hashes[month].update("".join(said).encode())
    return {month: found.hexdigest()[:16] for month, found in hashes.items()}
