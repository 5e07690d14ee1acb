"""The company's calendar: which period an instant belongs to, judged in the company's zone."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from incentives.core.fiscal_years import NEAREST, SATURDAY, START, FiscalYears

# From the shortest to the longest.
PERIOD_KINDS = ("day", "week", "month", "quarter", "year")

# Memberships and assignments that have no known beginning start here.
ALWAYS = date(1, 1, 1)

# The years in which anything can have happened; no other period has a name.
YEARS = range(1970, 2200)

_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_KEY = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-(?:Q(?P<quarter>[1-4])|W(?P<week>\d{2})|P(?P<fiscal_period>\d{2})"
    r"|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open span of days: `first_day` belongs to it, `end_day` no longer does (semantics 3).

    `key` is its name in addresses and on the ledger: 2026-11-22, 2026-W47, 2026-11, 2026-Q4, 2026.
    The months of a retail calendar, its fiscal periods, are 2026-P01 to 2026-P12.
    """

    kind: str
    key: str
    first_day: date
    end_day: date

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day < self.end_day

    @property
    def last_day(self) -> date:
        return self.end_day - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end_day - self.first_day).days


@dataclass(frozen=True)
class Calendar:
    """Weeks, months, quarters and fiscal years of one company.

    A fiscal year may start in any month and bears the name of the year in which it starts or ends.
    Weeks have seven days. They are ISO weeks, Monday to Sunday; in a retail calendar, one with a
    `weeks_pattern`, they end on `year_ends_on` (0 is Monday) and are counted from the start of the
    fiscal year, and its "months" are fiscal periods of whole weeks.
    """

    zone: ZoneInfo
    fiscal_start_month: int = 1
    year_named_after: str = START
    weeks_pattern: str | None = None
    year_ends_on: int = SATURDAY
    year_end_rule: str = NEAREST

    @cached_property
    def years(self) -> FiscalYears:
        return FiscalYears(
            self.fiscal_start_month,
            self.year_named_after,
            self.weeks_pattern,
            self.year_ends_on,
            self.year_end_rule,
        )

    @cached_property
    def _periods(self) -> dict[tuple[str, date], Period]:
        """Periods by kind and day: asked for again and again with the few days of a year."""
        return {}

    def day_of(self, instant: datetime) -> date:
        """The company's day at an instant."""
        local = instant.astimezone(self.zone)
        day = local.date()
        # In a few zones clocks went back over midnight; a day that has begun does not end again.
        if local.fold and instant >= self.start_of(day + _DAY):
            return day + _DAY
        return day

    def days_of(self, micros: Sequence[int]) -> list[date]:
        """The company's days at many instants in order, in whole microseconds since 1970 in UTC."""
        if not micros:
            return []
        starts, days = _days_between(self.zone, _utc_day(micros[0]).year, _utc_day(micros[-1]).year)
        found: list[date] = []
        at = 0
        while at < len(micros):
            # All that lie in one day are found at once.
            next_day = bisect_right(starts, micros[at])
            end = bisect_left(micros, starts[next_day], at)
            found += [days[next_day - 1]] * (end - at)
            at = end
        return found

    def start_of(self, day: date) -> datetime:
        """The instant, in UTC, at which a company day begins; 23- and 25-hour days included."""
        return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC)

    def micros_at(self, day: date) -> int:
        """The same in whole microseconds since 1970."""
        return _micros(self.start_of(day))

    def span(self, period: Period) -> tuple[datetime, datetime]:
        """A period as instants [start, end) in UTC."""
        return self.start_of(period.first_day), self.start_of(period.end_day)

    def period_of(self, day: date, kind: str) -> Period:
        """The one period of a kind to which a day belongs."""
        found = self._periods.get((kind, day))
        if found is None:
            found = self._periods[kind, day] = _period_of(self.years, day, kind)
        return found

    def keys_of(self, days: Sequence[date], kind: str) -> list[str]:
        """The key of the period of a kind for each of many days."""
        keys = self._keys.get(kind)
        if keys is None:
            keys = self._keys[kind] = _KeysByDay(self, kind)
        return [keys[day] for day in days]

    @cached_property
    def _keys(self) -> "dict[str, _KeysByDay]":
        return {}

    def period_named(self, key: str) -> Period | None:
        """The period a key names, or None if it names none."""
        found = _KEY.fullmatch(key)
        if not found or int(found["year"]) not in YEARS:
            return None
        parts = {name: int(text) for name, text in found.groupdict().items() if text}
        try:
            period = self._period_with(**parts)
        except ValueError:
            return None
        # What is not the name of the period it leads to, such as a 53rd week, names nothing.
        return period if period.key == key else None

    def month_number(self, month: Period) -> int:
        """Which month of its fiscal year a month is, 1 to 12."""
        return self.years.month_number(month.first_day)

    def before(self, period: Period) -> Period:
        return self.period_of(period.first_day - _DAY, period.kind)

    def after(self, period: Period) -> Period:
        return self.period_of(period.end_day, period.kind)

    def parts(self, period: Period, kind: str) -> list[Period]:
        """The periods of a kind, shorter or longer, that have days of a period, in order."""
        found = [self.period_of(period.first_day, kind)]
        while found[-1].end_day < period.end_day:
            found.append(self.after(found[-1]))
        return found

    def _period_with(
        self,
        year: int,
        quarter: int | None = None,
        week: int | None = None,
        fiscal_period: int | None = None,
        month: int | None = None,
        day: int | None = None,
    ) -> Period:
        """The period of these numbers. Raises ValueError where there is no such day."""
        if month:
            return self.period_of(date(year, month, day or 1), "day" if day else "month")
        if week and not self.weeks_pattern:
            return self.period_of(date.fromisocalendar(year, week, 1), "week")
        starts = self.years.month_starts(year)
        if week:
            return self.period_of(starts[0] + timedelta(weeks=week - 1), "week")
        if fiscal_period:
            return self.period_of(starts[min(fiscal_period, 12) - 1], "month")
        if quarter:
            return self.period_of(starts[3 * (quarter - 1)], "quarter")
        return self.period_of(starts[0], "year")


class _KeysByDay(dict[date, str]):
    """Keys of periods by day, each worked out once."""

    def __init__(self, calendar: Calendar, kind: str) -> None:
        self._calendar, self._kind = calendar, kind

    def __missing__(self, day: date) -> str:
        self[day] = self._calendar.period_of(day, self._kind).key
        return self[day]


# Asked for again and again with the few days of one payee's deals.
@lru_cache(maxsize=1 << 16)
def _period_of(years: FiscalYears, day: date, kind: str) -> Period:
    match kind:
        case "day":
            return Period(kind, day.isoformat(), day, day + _DAY)
        case "week":
            return _week_of(years, day)
        case "month":
            return _month_of(years, day)
        case "quarter":
            name, number = years.name_of(day), (years.month_number(day) - 1) // 3
            starts = years.month_starts(name)
            return Period(kind, f"{name}-Q{number + 1}", starts[3 * number], starts[3 * number + 3])
        case "year":
            name = years.name_of(day)
            first, *_, end = years.month_starts(name)
            return Period(kind, f"{name}", first, end)
    raise ValueError(f"{kind} is no kind of period: {', '.join(PERIOD_KINDS)}")


def _week_of(years: FiscalYears, day: date) -> Period:
    if years.weeks_pattern:
        year = years.name_of(day)
        start = years.month_starts(year)[0]
        week = (day - start).days // 7 + 1
        first = start + timedelta(weeks=week - 1)
    else:
        year, week, weekday = day.isocalendar()
        first = day - timedelta(days=weekday - 1)
    return Period("week", f"{year}-W{week:02}", first, first + timedelta(days=7))


def _month_of(years: FiscalYears, day: date) -> Period:
    name, number = years.name_of(day), years.month_number(day)
    first, end = years.month_starts(name)[number - 1 : number + 1]
    key = f"{name}-P{number:02}" if years.weeks_pattern else f"{first:%Y-%m}"
    return Period("month", key, first, end)


@lru_cache(maxsize=64)
def _days_between(zone: ZoneInfo, first_year: int, last_year: int) -> tuple[list[int], list[date]]:
    """When each company day begins, in microseconds since 1970, and the days, in order.

    A day more on either side, because a company's year does not begin with the year in UTC; and
    one more, which ends the last.
    """
    calendar = Calendar(zone)
    first = date(first_year, 1, 1).toordinal() - 1
    end = date(last_year, 12, 31).toordinal() + 3
    days = [date.fromordinal(number) for number in range(first, end)]
    return [calendar.micros_at(day) for day in days], days


def _utc_day(micros: int) -> date:
    return (_EPOCH + micros * _MICROSECOND).date()


def _micros(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND
