"""How a quota is read: what is set, divided and prorated as the plan says (semantics 15, 17)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from incentives.core.calendar import PERIOD_KINDS, Calendar, Period
from incentives.core.quota_terms import DAYS, LOWERS, MONTHS, NONE, QuotaTerms, QuotaTermsSchema

__all__ = ["BEGUN", "QUOTA_SPANS", "WHOLE", "QuotaTerms", "QuotaTermsSchema", "quota_for"]

BEGUN, WHOLE = "begun", "whole"
QUOTA_SPANS = (BEGUN, WHOLE)

# A quota may be set for these kinds of period; each is made of periods of the next.
_SMALLER = {"year": "quarter", "quarter": "month", "month": "week"}
_LARGER = {
    "day": ("week", "month", "quarter", "year"),
    "week": ("month", "quarter", "year"),
    "month": ("quarter", "year"),
    "quarter": ("year",),
}


def quota_for(
    quotas: Mapping[tuple[str, str], Decimal],
    measure: str,
    span: Period,
    at: Period,
    *,
    quota_span: str,
    terms: QuotaTerms,
    assigned: tuple[date, date | None],
    leave: Collection[date],
    calendar: Calendar,
) -> Fraction | None:
    """The quota that a result over `span` is held against at the pay period `at`.

    `quotas` are as set, by measure and key of the period. `WHOLE` takes the span's own quota, else
    the sum of those of its parts, else its share of a longer period's. `BEGUN` takes the pay
    periods begun by the end of `at` where they have quotas of their own or a seasonality gives
    them; else those of the quotas that `WHOLE` takes whose periods have begun.

    `assigned` are the payee's days [first_day, end_day) on the plan; periods outside need no quota.
    `leave` are days off. None where no quota is set; it may be 0.
    """
    if quota_span == WHOLE and terms.take_quotas_as_set and (measure, span.key) in quotas:
        return Fraction(quotas[measure, span.key])
    reading = _Reading(quotas, measure, terms, *assigned, leave, calendar)
    if quota_span == BEGUN and _is_shorter(at, span):
        parts = reading.begun(span, at)
    else:
        parts = reading.whole(span)
    if not parts:
        return None
    if terms.take_quotas_as_set:
        return sum((part.amount for part in parts), Fraction(0))
    return sum((reading.prorated(part) for part in parts), Fraction(0))


def _is_shorter(one: Period, other: Period) -> bool:
    return PERIOD_KINDS.index(one.kind) < PERIOD_KINDS.index(other.kind)


class _Part(NamedTuple):
    """What the days [first_day, end_day) have of a quota, before anything is prorated."""

    first_day: date
    end_day: date
    amount: Fraction


class _Cell(NamedTuple):
    """The days [first_day, end_day) of one month."""

    month: Period
    first_day: date
    end_day: date

    @property
    def days(self) -> int:
        return (self.end_day - self.first_day).days

    @property
    def share_of_month(self) -> Fraction:
        return Fraction(self.days, self.month.days)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The quotas of one payee for one measure, as one plan reads them."""

    quotas: Mapping[tuple[str, str], Decimal]
    measure: str
    terms: QuotaTerms
    first_day: date
    end_day: date | None
    leave: Collection[date]
    calendar: Calendar

    def whole(self, span: Period) -> list[_Part] | None:
        return self._inside(span, span) or self._of_longer(span)

    def begun(self, span: Period, at: Period) -> list[_Part] | None:
        periods = [p for p in self.calendar.parts(span, at.kind) if p.first_day < at.end_day]
        own = self._all_of(periods, span)
        if own:
            return own
        begun = [part for part in self.whole(span) or () if part.first_day < at.end_day]
        if not self.terms.seasonality:
            return begun
        return [
            self._between(part.first_day, min(part.end_day, at.end_day), part) for part in begun
        ]

    def prorated(self, part: _Part) -> Fraction:
        """A part after ramp, active months or days, and leave, each judged month by month."""
        cells = list(self._cells(part.first_day, part.end_day))
        weights = [self._weight_in_part(cell) for cell in cells]
        if not any(weights):
            weights = [Fraction(cell.days) for cell in cells]
        counts = sum(
            weight * self._ramp(cell) * self._active(cell)
            for weight, cell in zip(weights, cells, strict=True)
        )
        return part.amount * counts / sum(weights)

    # What is set

    def _own(self, period: Period) -> Decimal | None:
        return self.quotas.get((self.measure, period.key))

    def _inside(self, period: Period, clip: Period) -> list[_Part] | None:
        """The quota of a period's days in `clip`: its own, else those of all its parts."""
        own = self._own(period)
        if own is not None:
            return [self._clipped(own, period, clip)]
        smaller = _SMALLER.get(period.kind)
        found = self._all_of(self.calendar.parts(period, smaller), period) if smaller else None
        return [] if found is None and self._is_away(period) else found

    def _all_of(self, periods: Sequence[Period], clip: Period) -> list[_Part] | None:
        """The quotas of all these periods, or None where one that is needed has none."""
        parts: list[_Part] = []
        for period in periods:
            found = self._inside(period, clip)
            if found is None:
                return None
            parts += found
        return parts

    def _clipped(self, amount: Decimal, period: Period, clip: Period) -> _Part:
        """Weeks may lie in two months: each has the share of its days."""
        first, end = max(period.first_day, clip.first_day), min(period.end_day, clip.end_day)
        return _Part(first, end, Fraction(amount) * Fraction((end - first).days, period.days))

    def _of_longer(self, span: Period) -> list[_Part] | None:
        """The share of a span in the quota of the periods around it, the shortest that have one."""
        for kind in _LARGER.get(span.kind, ()):
            around = self.calendar.parts(span, kind)
            amounts = [(period, self._own(period)) for period in around]
            parts = [
                self._between(
                    max(period.first_day, span.first_day),
                    min(period.end_day, span.end_day),
                    _Part(period.first_day, period.end_day, Fraction(amount)),
                )
                for period, amount in amounts
                if amount is not None
            ]
            if len(parts) == len(around):
                return parts
        return None

    # Dividing by months

    def _between(self, first_day: date, end_day: date, part: _Part) -> _Part:
        """What some days of a part have of it: by seasonality, else by months alike."""
        whole = sum(map(self._weight, self._cells(part.first_day, part.end_day)))
        if whole:
            share = sum(map(self._weight, self._cells(first_day, end_day))) / whole
        else:
            share = Fraction((end_day - first_day).days, (part.end_day - part.first_day).days)
        return _Part(first_day, end_day, part.amount * share)

    def _cells(self, first_day: date, end_day: date) -> Iterator[_Cell]:
        month = self.calendar.period_of(first_day, "month")
        while first_day < end_day:
            yield _Cell(month, first_day, min(month.end_day, end_day))
            month, first_day = self.calendar.after(month), month.end_day

    def _weight(self, cell: _Cell) -> Fraction:
        if not self.terms.seasonality:
            return cell.share_of_month
        number = self.calendar.month_number(cell.month)
        return Fraction(self.terms.seasonality[number - 1]) * cell.share_of_month

    # Prorating

    def _weight_in_part(self, cell: _Cell) -> Fraction:
        """A part without seasonality is spread over its days where days are what counts."""
        alike = self.terms.prorate == MONTHS or (self.terms.prorate == NONE and self.terms.ramp)
        if self.terms.seasonality or alike:
            return self._weight(cell)
        return Fraction(cell.days)

    def _ramp(self, cell: _Cell) -> Fraction:
        """The share of quota in this month of the assignment; 1 after the ramp, and before it."""
        month = cell.month
        for share in self.terms.ramp:
            if self.first_day in month:
                return Fraction(share)
            month = self.calendar.before(month)
        return Fraction(1)

    def _active(self, cell: _Cell) -> Fraction:
        """The share of a cell's days that count."""
        first, end = cell.first_day, cell.end_day
        if self.terms.prorate == MONTHS and self._is_away(cell.month):
            return Fraction(0)
        if self.terms.prorate == DAYS:
            first, end = max(first, self.first_day), min(end, self.end_day or end)
        days = (end - first).days
        if self.terms.leave == LOWERS:
            # Of at most a month each: leave may have lasted for years.
            days -= sum(first + timedelta(days=n) in self.leave for n in range(days))
        return Fraction(max(0, days), cell.days)

    def _is_away(self, period: Period) -> bool:
        """Whether the payee is on the plan on no day of a period."""
        has_ended = self.end_day is not None and self.end_day <= period.first_day
        return has_ended or period.end_day <= self.first_day
