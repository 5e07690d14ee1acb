"""Rolls a payee's credits and points up by company day."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import accumulate

from incentives.core.activity import Credit
from incentives.core.calendar import Calendar
from incentives.core.columns import Columns
from incentives.core.exchange import NO_RATES, ExchangeRates
from incentives.core.measures import MEASURES, POINTS, Measure
from incentives.core.money import EXACT
from incentives.core.results import POINTS as YIELDS_POINTS
from incentives.core.results import ResultLine
from incentives.core.scaled import rounded
from incentives.core.selection import measured

# Day results keep six decimals: shares of a cent to a hundredth of a per cent stay exact.
KEPT = 10**6

# Measure and day -> the value in millionths, and when it last grew: the tie clock (semantics 28).
DayTotals = dict[tuple[str, date], tuple[int, int]]


@lru_cache(maxsize=4096)
def month_of(day: date) -> str:
    """The calendar month a day lies in, whatever the company's fiscal periods: 2026-07."""
    return day.isoformat()[:7]


def days_around(months: Collection[str] | None) -> tuple[date, date]:
    """The days [first, end) in which all these months lie; all days there are with None."""
    if months is None:
        return date.min, date.max
    last = date.fromisoformat(f"{max(months)}-01")
    return date.fromisoformat(f"{min(months)}-01"), (last + timedelta(days=31)).replace(day=1)


def roll_up(
    columns: Columns,
    lines: Iterable[ResultLine],
    calendar: Calendar,
    currency: str,
    rates: ExchangeRates = NO_RATES,
) -> DayTotals:
    """Every measure of every day on which a payee did something, of the payee's own credits.

    Amounts count in the company's currency, at the rate of their day; they are left out until one
    is set (semantics 9). Overlays are left out of company totals (semantics 8); the points they
    earn are the payee's like any others. What is reversed counts as never made (semantics 5).
    """
    counted = _counted(columns)
    money = counted.in_currency(currency, rates)
    totals: DayTotals = {}
    for measure in MEASURES.values():
        source = money if measure.is_money else counted
        where = _where(measure, source)
        if where:
            values, scale = measured(source, where, measure)
            days, moments = source.days, source.moments
            if len(where) < len(source):
                days, moments = [days[at] for at in where], [moments[at] for at in where]
            _add(totals, measure.slug, days, moments, values, scale)
    _add_points(totals, columns, lines, calendar)
    return totals


def _add_points(
    totals: DayTotals, columns: Columns, lines: Iterable[ResultLine], calendar: Calendar
) -> None:
    """What pays for a period is reached when its last day begins."""
    points = sorted(
        (line for line in lines if line.yields == YIELDS_POINTS), key=lambda line: line.day
    )
    if points:
        happened = dict(zip(columns.activity_ids, columns.moments, strict=True))
        days = [line.day for line in points]
        moments = [
            happened.get(line.activity_id) or calendar.micros_at(line.day) for line in points
        ]
        _add(totals, POINTS, days, moments, [line.amount for line in points], 1)


def _counted(columns: Columns) -> Columns:
    overlays = columns.overlays or ()
    if not any(overlays) and not columns.reversed_at:
        return columns
    return columns.only(
        [
            at
            for at in range(len(columns))
            if at not in columns.reversed_at and not (overlays and overlays[at])
        ]
    )


def _add(
    totals: DayTotals,
    measure_slug: str,
    days: Sequence[date],
    moments: Sequence[int],
    values: Sequence[int],
    scale: int,
) -> None:
    """The sums of a measure's days, which come in order, each rounded once; and when each last
    grew."""
    running = list(accumulate(values, initial=0))
    ends = [*(at for at in range(1, len(days)) if days[at] != days[at - 1]), len(days)]
    starts = [0, *ends[:-1]]
    kept = rounded(
        [(running[end] - running[start]) * KEPT for start, end in zip(starts, ends, strict=True)],
        scale,
    )
    for start, end, total in zip(starts, ends, kept, strict=True):
        grew = [moments[at] for at in range(start, end) if values[at] > 0]
        totals[measure_slug, days[start]] = total, max(grew, default=0)


def _where(measure: Measure, columns: Columns) -> Sequence[int]:
    kinds = set(columns.kinds)
    if kinds.isdisjoint(measure.kinds):
        return ()
    where: Sequence[int] = range(len(columns))
    if not kinds <= set(measure.kinds):
        where = [at for at, kind in enumerate(columns.kinds) if kind in measure.kinds]
    if measure.is_money and columns.without_rate:
        where = [at for at in where if at not in columns.without_rate]
    if measure.needs is not None:
        where = [at for at in where if measure.counts(columns.attributes[at])]
    return where


def company_value(
    measure: Measure, credit: Credit, day: date, currency: str, rates: ExchangeRates
) -> Decimal | None:
    """What a credit adds to a measure of the company: nothing for an overlay (semantics 8), and
    nothing for an amount in another currency as long as no rate is set (semantics 9)."""
    value = None if credit.overlay else measure.of(credit)
    if value is None or measure.unit != "money" or credit.currency == currency:
        return value
    worth = rates.worth(credit.currency, currency, day)
    with localcontext(EXACT):
        return None if worth is None else value * worth
