"""Fiscal years: when each begins, what it is called, and where its twelve months lie.

Months are calendar months, or in a retail calendar fiscal periods of whole weeks: each quarter has
13 weeks in a pattern such as 4-5-4, and a 53rd week belongs to the last period (semantics 3).
"""

from bisect import bisect_right
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

START, END = "start", "end"
NAMED_AFTER = (START, END)

WEEKS_PATTERNS = ("4-4-5", "4-5-4", "5-4-4")
NEAREST, LAST = "nearest", "last"
YEAR_END_RULES = (NEAREST, LAST)
SATURDAY = 5

_WEEK = timedelta(weeks=1)
_QUARTERS = 4


class FiscalYears(NamedTuple):
    """How a company cuts its days into years.

    A year begins in `start_month` and is named after the calendar year in which it starts or
    ends. With a `weeks_pattern` it ends on the weekday `ends_on` (0 is Monday) that is the last in
    the month before `start_month`, or the nearest to that month's last day.
    """

    start_month: int = 1
    named_after: str = START
    weeks_pattern: str | None = None
    ends_on: int = SATURDAY
    end_rule: str = NEAREST

    def name_of(self, day: date) -> int:
        """The name, as a number, of the fiscal year to which a day belongs."""
        year = day.year
        if self._start(year) > day:
            year -= 1
        elif self._start(year + 1) <= day:
            year += 1
        return year + self._names_ahead

    def month_starts(self, name: int) -> tuple[date, ...]:
        """The first days of the twelve months of a year, and of the year after it."""
        return _month_starts(self, name - self._names_ahead)

    def month_number(self, day: date) -> int:
        """In which month of its fiscal year a day lies, 1 to 12."""
        return bisect_right(self.month_starts(self.name_of(day)), day)

    @property
    def _names_ahead(self) -> int:
        """A year from January ends in the year in which it starts; any other, in the next."""
        return int(self.named_after == END and self.start_month > 1)

    def _start(self, year: int) -> date:
        """The first day of the year that begins in, or within days of, a month of `year`."""
        first = date(year, self.start_month, 1)
        if not self.weeks_pattern:
            return first
        furthest = first - timedelta(days=1)
        if self.end_rule == NEAREST:
            furthest += timedelta(days=3)
        last_day = furthest - timedelta(days=(furthest.weekday() - self.ends_on) % 7)
        return last_day + timedelta(days=1)


@lru_cache(maxsize=1024)
def _month_starts(years: FiscalYears, year: int) -> tuple[date, ...]:
    first, end = years._start(year), years._start(year + 1)
    starts = [first]
    if years.weeks_pattern:
        for weeks in [int(weeks) for weeks in years.weeks_pattern.split("-")] * _QUARTERS:
            starts.append(starts[-1] + weeks * _WEEK)
    else:
        months = range(years.start_month, years.start_month + 12)
        starts += [date(year + month // 12, month % 12 + 1, 1) for month in months]
    return (*starts[:-1], end)
