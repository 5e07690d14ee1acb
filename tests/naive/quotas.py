"""Quotas by hand: what is set, then month by month seasonality, ramp, active days and leave."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from tests.naive.facts import Blocked, Books

_BY_LENGTH = ["day", "week", "month", "quarter", "year"]
_PARTS = {"quarter": "month", "year": "quarter"}
_LONGER = {"month": ["quarter", "year"], "quarter": ["year"]}


class Part(NamedTuple):
    """What some whole months have of a quota."""

    months: list[Any]
    amount: Fraction


class NaiveQuotas:
    """`table` has the quotas as set; `terms` is what the plan says of them."""

    def __init__(self, books: Books, table: dict[tuple[str, str], Any]) -> None:
        self.books, self.table = books, table
        self.calendar = books.calendar
        self.leave = books.statement.leave(books.name)

    def read(self, measure, span, *, at, begun: bool, terms: dict[str, Any]) -> Fraction:
        if measure == "target_incentive":
            terms = {k: v for k, v in terms.items() if k == "seasonality"}
        shorter = _BY_LENGTH.index(at.kind) < _BY_LENGTH.index(span.kind)
        if begun and shorter:
            parts = self._begun(measure, span, at, terms)
        else:
            parts = self._whole(measure, span, terms)
        if not parts:
            raise Blocked("quota_missing")
        total = sum(self._prorated(part, terms) for part in parts)
        if total == 0:
            raise Blocked("quota_is_zero")
        return total

    # What is set

    def _whole(self, measure, span, terms) -> list[Part] | None:
        return self._inside(measure, span) or self._of_longer(measure, span, terms)

    def _begun(self, measure, span, at, terms) -> list[Part] | None:
        """The pay periods begun, where all are set; else what has begun of the whole."""
        periods = [p for p in self.calendar.parts(span, at.kind) if p.first_day <= at.first_day]
        own = self._all(measure, periods)
        if own:
            return own
        begun = []
        for part in self._whole(measure, span, terms) or []:
            if "seasonality" in terms:
                months = [m for m in part.months if m.first_day < at.end_day]
                part = self._share_of(part, months, terms)
            if part.months and part.months[0].first_day < at.end_day:
                begun.append(part)
        return begun

    def _inside(self, measure, period) -> list[Part] | None:
        """A period's own quota, else those of its parts; [] where nobody is on the plan."""
        own = self.table.get((measure, period.key))
        if own is not None:
            return [Part(self._months(period), Fraction(own))]
        smaller = _PARTS.get(period.kind)
        found = self._all(measure, self.calendar.parts(period, smaller)) if smaller else None
        return [] if found is None and not self._touched(period) else found

    def _all(self, measure, periods) -> list[Part] | None:
        parts: list[Part] = []
        for period in periods:
            found = self._inside(measure, period)
            if found is None:
                return None
            parts += found
        return parts

    def _of_longer(self, measure, span, terms) -> list[Part] | None:
        for kind in _LONGER.get(span.kind, []):
            longer = self.calendar.period_of(span.first_day, kind)
            amount = self.table.get((measure, longer.key))
            if amount is not None:
                whole = Part(self._months(longer), Fraction(amount))
                return [self._share_of(whole, self._months(span), terms)]
        return None

    # Month by month

    def _months(self, period) -> list[Any]:
        return self.calendar.parts(period, "month")

    def _season(self, month, terms) -> Fraction:
        year = self._months(self.calendar.period_of(month.first_day, "year"))
        seasons = terms.get("seasonality", ["1"] * 12)
        return Fraction(str(seasons[[m.key for m in year].index(month.key)]))

    def _share_of(self, part: Part, months, terms) -> Part:
        whole = sum(self._season(m, terms) for m in part.months)
        return Part(months, part.amount * sum(self._season(m, terms) for m in months) / whole)

    def _prorated(self, part: Part, terms) -> Fraction:
        total = counted = Fraction(0)
        for month in part.months:
            weight = self._season(month, terms)
            days_count = terms.get("prorate") == "days" or (
                "ramp" not in terms and terms.get("prorate", "none") == "none"
            )
            if "seasonality" not in terms and days_count:
                weight = Fraction(month.days)
            total += weight
            counted += weight * self._ramp(month, terms) * self._active(month, terms)
        return part.amount * counted / total

    def _ramp(self, month, terms) -> Fraction:
        """The share of quota in the first months of the assignment; 1 before and after."""
        current = self.calendar.period_of(self.books.first_day, "month")
        for share in terms.get("ramp", []):
            if current == month:
                return Fraction(str(share))
            current = self.calendar.after(current)
        return Fraction(1)

    def _touched(self, period) -> bool:
        end = self.books.end_day
        return period.end_day > self.books.first_day and (end is None or period.first_day < end)

    def _active(self, month, terms) -> Fraction:
        """The share of a month's days that count."""
        prorate = terms.get("prorate", "none")
        if prorate == "months" and not self._touched(month):
            return Fraction(0)
        days = [month.first_day + timedelta(days=n) for n in range(month.days)]
        if prorate == "days":
            end = self.books.end_day or date.max
            days = [day for day in days if self.books.first_day <= day < end]
        if terms.get("leave") == "lowers":
            days = [day for day in days if day not in self.leave]
        return Fraction(len(days), month.days)
