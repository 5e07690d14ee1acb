"""Quotas read by hand: seasonality, then ramp, then active months or days and leave."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.naive.facts import Blocked, Books

_LONGER = {"week": [], "month": ["quarter", "year"], "quarter": ["year"], "year": []}
_PARTS = {"month": [], "quarter": ["month"], "year": ["quarter", "month"], "week": []}


class NaiveQuotas:
    """`table` has the quotas as set; `terms` is what the plan says of them."""

    def __init__(self, books: Books, table: dict[tuple[str, str], Any]) -> None:
        self.books, self.table = books, table
        self.calendar = books.calendar
        self.leave = books.statement.leave(books.name)

    def read(self, measure, span, *, at, begun: bool, terms: dict[str, Any]) -> Fraction:
        if measure == "target_incentive":
            terms = {k: v for k, v in terms.items() if k == "seasonality"}
        found = self._begun(measure, span, at, terms) if begun else None
        if found is None:
            found = self._whole(measure, span, terms)
        if found is None:
            raise Blocked("quota_missing")
        if found == 0:
            raise Blocked("quota_is_zero")
        return found

    def _set(self, measure, period) -> Fraction | None:
        found = self.table.get((measure, period.key))
        return None if found is None else Fraction(found)

    def _begun(self, measure, span, at, terms) -> Fraction | None:
        if at.kind == span.kind:
            return None
        periods = [
            p
            for p in self.calendar.parts(span, at.kind)
            if p.first_day <= at.first_day and self._touched(p)
        ]
        return self._sum(measure, periods, terms)

    def _sum(self, measure, periods, terms) -> Fraction | None:
        amounts = [self._set(measure, p) for p in periods]
        if not amounts or None in amounts:
            return None
        return sum(self._lowered(a, p, terms) for a, p in zip(amounts, periods, strict=True))

    def _whole(self, measure, span, terms) -> Fraction | None:
        own = self._set(measure, span)
        if own is not None:
            return self._lowered(own, span, terms)
        for kind in _PARTS.get(span.kind, []):
            parts = [p for p in self.calendar.parts(span, kind) if self._touched(p)]
            total = self._sum(measure, parts, terms)
            if total is not None:
                return total
        for kind in _LONGER.get(span.kind, []):
            longer = self.calendar.period_of(span.first_day, kind)
            amount = self._set(measure, longer)
            if amount is not None:
                share = self._weight(span, terms) / self._weight(longer, terms)
                return self._lowered(amount * share, span, terms)
        return None

    def _months(self, period) -> list[Any]:
        return self.calendar.parts(period, "month")

    def _weight(self, period, terms) -> Fraction:
        """The seasonality of a period's months; equal where the plan names none."""
        year = self.calendar.period_of(period.first_day, "year")
        seasons = [Fraction(str(s)) for s in terms.get("seasonality", ["1"] * 12)]
        months = [m.key for m in self._months(year)]
        return sum((seasons[months.index(m.key)] for m in self._months(period)), Fraction(0))

    def _touched(self, period) -> bool:
        end = self.books.end_day
        return period.end_day > self.books.first_day and (end is None or period.first_day < end)

    def _lowered(self, amount, period, terms) -> Fraction:
        return amount * self._ramp(period, terms) * self._active(period, terms)

    def _ramp(self, period, terms) -> Fraction:
        shares = [Fraction(str(s)) for s in terms.get("ramp", [])]
        if not shares:
            return Fraction(1)
        months = [m for m in self._months(period) if self._touched(m)]
        first = self.calendar.period_of(self.books.first_day, "month")
        total = weights = Fraction(0)
        for month in months:
            nth = sum(1 for m in self._from(first, month)) - 1
            weight = self._weight(month, terms)
            total += weight * (shares[nth] if nth < len(shares) else 1)
            weights += weight
        return total / weights if weights else Fraction(1)

    def _from(self, first, month):
        """The months from the first of the assignment to a month, both included."""
        while first.first_day <= month.first_day:
            yield first
            first = self.calendar.after(first)

    def _active(self, period, terms) -> Fraction:
        days = [period.first_day + timedelta(days=n) for n in range(period.days)]
        end = self.books.end_day or date.max
        assigned = [day for day in days if self.books.first_day <= day < end]
        lowers = terms.get("leave") == "lowers"
        away = [day for day in assigned if lowers and day in self.leave]
        share = Fraction(1)
        match terms.get("prorate", "none"):
            case "days":
                return Fraction(len(assigned) - len(away), period.days)
            case "months":
                months = self._months(period)
                share = Fraction(sum(map(self._touched, months)), len(months))
        return share * Fraction(period.days - len(away), period.days)
