"""Rolls a payee's credits and points up by company day."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, localcontext

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
            happened = [(source.days[at], source.moments[at]) for at in where]
            _add(totals, measure.slug, happened, values, scale)
    points = [line for line in lines if line.yields == YIELDS_POINTS]
    # What pays for a period is reached when its last day begins.
    moments = dict(zip(columns.activity_ids, columns.moments, strict=True))
    happened = [
        (line.day, moments.get(line.activity_id) or calendar.micros_at(line.day)) for line in points
    ]
    _add(totals, POINTS, happened, [line.amount for line in points], 1)
    return totals


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
    happened: Sequence[tuple[date, int]],
    values: Sequence[int],
    scale: int,
) -> None:
    """The sums of a measure's days, each rounded once, and when each last grew."""
    sums: dict[date, int] = {}
    raised: dict[date, int] = {}
    for (day, at), value in zip(happened, values, strict=True):
        sums[day] = sums.get(day, 0) + value
        if value > 0 and at > raised.get(day, 0):
            raised[day] = at
    kept = rounded([total * KEPT for total in sums.values()], scale)
    for day, total in zip(sums, kept, strict=True):
        totals[measure_slug, day] = total, raised.get(day, 0)


def _where(measure: Measure, columns: Columns) -> list[int]:
    return [
        at
        for at, kind in enumerate(columns.kinds)
        if kind in measure.kinds
        and measure.counts(columns.attributes[at])
        and not (measure.is_money and at in columns.without_rate)
    ]


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
