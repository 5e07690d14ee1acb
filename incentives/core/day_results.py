"""Rolls a payee's credits and points up by company day."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext

from incentives.core.activity import Credit
from incentives.core.calendar import Calendar
from incentives.core.exchange import NO_RATES, ExchangeRates
from incentives.core.measures import MEASURES, POINTS, DayResult, Measure
from incentives.core.money import EXACT
from incentives.core.results import POINTS as YIELDS_POINTS
from incentives.core.results import ResultLine

# Day results keep six decimals: shares of a cent to a hundredth of a per cent stay exact.
KEPT = Decimal("0.000001")


def roll_up(
    payee_id: int,
    credits: Sequence[Credit],
    lines: Iterable[ResultLine],
    calendar: Calendar,
    currency: str,
    rates: ExchangeRates = NO_RATES,
) -> list[DayResult]:
    """Every measure of every day on which the payee did something.

    Amounts count in the company's currency, at the rate of their day; they are left out until one
    is set (semantics 9). Overlays are left out of company totals (semantics 8); the points they
    earn are the payee's like any others.
    """
    totals: dict[tuple[str, date], tuple[Decimal, int]] = {}

    def add(measure: str, day: date, value: Decimal, at: int) -> None:
        total, raised_at = totals.get((measure, day), (Decimal(0), 0))
        with localcontext(EXACT):
            totals[measure, day] = total + value, max(raised_at, at if value > 0 else 0)

    happened = {credit.activity_id: as_micros(credit.occurred_at) for credit in credits}
    for credit in credits:
        day = calendar.day_of(credit.occurred_at)
        for measure in MEASURES.values():
            value = company_value(measure, credit, day, currency, rates)
            if value is not None:
                add(measure.slug, day, value, happened[credit.activity_id])
    for line in lines:
        if line.yields == YIELDS_POINTS:
            # What pays for a period is reached when its last day begins.
            ended = as_micros(calendar.start_of(line.day))
            add(POINTS, line.day, Decimal(line.amount), happened.get(line.activity_id, ended))
    with localcontext(EXACT):
        return [
            DayResult(payee_id, measure, day, value.quantize(KEPT), raised_at)
            for (measure, day), (value, raised_at) in totals.items()
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


def as_micros(instant: datetime) -> int:
    """An instant as whole microseconds, the finest step that is stored."""
    since = instant - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
