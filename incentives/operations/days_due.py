"""Which day results of a payee have to be made anew, and what they are.

Each calendar quarter has a hash of all that its days are made of. While it is the same, so are
they, and nothing is summed or compared: a late deal costs the days of its quarter.
"""

import hashlib
import json
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from incentives.core.day_results import days_around, quarter_of, roll_up
from incentives.core.exchange import NO_RATES
from incentives.core.results import POINTS, ResultLine
from incentives.operations.payee_cases import PayeeCase, PayeeCases
from incentives.store.day_results import CalculatedDays


@dataclass(frozen=True, slots=True)
class DaysDue:
    """The days, and what is to be remembered of what they are made of until the next time."""

    said: str
    calculated: CalculatedDays


def days_due(
    cases: PayeeCases, case: PayeeCase, lines: Sequence[ResultLine], before: str | None
) -> DaysDue | None:
    """What differs from what was said before; None where nothing does."""
    points = [line for line in lines if line.yields == POINTS] if case.earns_points else []
    spans = dict(_quarters(case.columns.days))
    hashes = _hashes(cases, case, points, spans)
    said = json.dumps(hashes, separators=(",", ":"))
    if said == before:
        return None
    if before is None:
        columns, quarters = case.columns, None
    else:
        then = json.loads(before)
        quarters = frozenset(
            quarter
            for quarter in hashes.keys() | then.keys()
            if hashes.get(quarter) != then.get(quarter)
        )
        columns = case.columns.only(
            [at for quarter, span in spans.items() if quarter in quarters for at in span]
        )
        points = [line for line in points if quarter_of(line.day) in quarters]
    rates = cases.rates if case.is_foreign_to(cases.currency) else NO_RATES
    totals = roll_up(columns, points, cases.calendar, cases.currency, rates)
    return DaysDue(said, CalculatedDays(totals, quarters))


def _quarters(days: Sequence[date]) -> Iterator[tuple[str, range]]:
    """Where each quarter lies in days that are in order."""
    start = 0
    while start < len(days):
        quarter = quarter_of(days[start])
        end = bisect_left(days, days_around([quarter])[1], start)
        yield quarter, range(start, end)
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
    hashes = {}
    for quarter, span in spans.items():
        part = slice(span.start, span.stop)
        found = common.copy()
        for column in numbers:
            found.update(column[part])
        for said in texts:
            found.update("\n".join(said[part]).encode())
        hashes[quarter] = found.hexdigest()[:16]
    for line in points:
        quarter = quarter_of(line.day)
        said_so_far = f"{hashes.get(quarter)} {line.day} {line.amount} {line.activity_id}"
        hashes[quarter] = hashlib.sha256(said_so_far.encode()).hexdigest()[:16]
    return hashes
