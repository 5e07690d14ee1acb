"""From day results to standings: one sum for boards, contests, exports and the API."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction

from incentives.core.calendar import Period
from incentives.core.measures import DayResult, Kpi
from incentives.core.money import EXACT, as_decimal
from incentives.core.ranking import NEVER, Entry, Number


@dataclass(frozen=True, slots=True)
class Entrant:
    """A person who stands on a board, with the team they are shown in."""

    id: int
    name: str
    team: str = ""
    colour: int = 0


@dataclass(slots=True)
class MeasuredSpan:
    """What a payee did in a span, by measure, and when each measure last grew."""

    values: dict[str, Decimal] = field(default_factory=dict)
    raised_at: dict[str, int] = field(default_factory=dict)

    def add(self, measure: str, value: Decimal, raised_at: int) -> None:
        with localcontext(EXACT):
            self.values[measure] = self.values.get(measure, Decimal(0)) + value
        self.raised_at[measure] = max(self.raised_at.get(measure, 0), raised_at)


def kpi_value(kpi: Kpi, values: Mapping[str, Decimal]) -> Number | None:
    """A KPI of summed measures; None for a ratio over nothing or below its minimum volume. A ratio
    is a fraction, so that 1 of 3 and 2 of 6 are level (semantics 31)."""
    counted = values.get(kpi.counts, Decimal(0))
    if kpi.over is None:
        return counted
    volume = values.get(kpi.over, Decimal(0))
    if volume <= 0 or volume < kpi.minimum_volume:
        return None
    return Fraction(counted) / Fraction(volume)


def kpi_told(kpi: Kpi, values: Mapping[str, Decimal]) -> Decimal | None:
    """The same as a decimal, for the eye."""
    value = kpi_value(kpi, values)
    return None if value is None else as_decimal(value)


def entry(kpi: Kpi, entrant: Entrant, span: MeasuredSpan) -> Entry:
    return Entry(
        entrant.id,
        entrant.name,
        kpi_value(kpi, span.values),
        span.raised_at.get(kpi.counts) or NEVER,
    )


def sum_by_payee(days: Iterable[DayResult], period: Period) -> dict[int, MeasuredSpan]:
    spans: dict[int, MeasuredSpan] = defaultdict(MeasuredSpan)
    for result in days:
        if result.day in period:
            spans[result.payee_id].add(result.measure, result.value, result.raised_at)
    return spans
