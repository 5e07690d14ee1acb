"""The company's calendar: which period an instant belongs to, judged in the company's zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

PERIOD_KINDS = ("day", "week", "month", "quarter", "year")

# Memberships and assignments that have no known beginning start here.
ALWAYS = date(1, 1, 1)

# The years in which anything can have happened; no other period has a name.
_YEARS = range(1970, 2200)

_KEY = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-(?:Q(?P<quarter>[1-4])|W(?P<week>\d{2})|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open span of days: `first_day` belongs to it, `end_day` no longer does (semantics 3).

    `key` is its name in addresses and on the ledger: 2026-11-22, 2026-W47, 2026-11, 2026-Q4, 2026.
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


@dataclass(frozen=True, slots=True)
class Calendar:
    """Months, quarters and fiscal years of one company.

    A fiscal year may start in any month and bears the name of the year in which it starts.
    Weeks are ISO weeks: Monday to Sunday, seven days.
    """

    zone: ZoneInfo
    fiscal_start_month: int = 1

    def day_of(self, instant: datetime) -> date:
        """The company's day at an instant."""
        return instant.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """The instant, in UTC, at which a company day begins; 23- and 25-hour days included."""
        return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC)

    def span(self, period: Period) -> tuple[datetime, datetime]:
        """A period as instants [start, end) in UTC."""
        return self.start_of(period.first_day), self.start_of(period.end_day)

    def period_of(self, day: date, kind: str) -> Period:
        """The one period of a kind to which a day belongs."""
        return _period_of(self.fiscal_start_month, day, kind)

    def period_named(self, key: str) -> Period | None:
        """The period a key names, or None if it names none."""
        found = _KEY.fullmatch(key)
        if not found or int(found["year"]) not in _YEARS:
            return None
        parts = {name: int(text) for name, text in found.groupdict().items() if text}
        try:
            if "day" in parts:
                day, kind = date(parts["year"], parts["month"], parts["day"]), "day"
            elif "week" in parts:
                day, kind = date.fromisocalendar(parts["year"], parts["week"], 1), "week"
            elif "month" in parts:
                day, kind = date(parts["year"], parts["month"], 1), "month"
            else:
                months = 3 * (parts.get("quarter", 1) - 1)
                year_start = date(parts["year"], self.fiscal_start_month, 1)
                day = year_start + relativedelta(months=months)
                kind = "quarter" if "quarter" in parts else "year"
            return self.period_of(day, kind)
        except ValueError:
            return None

    def before(self, period: Period) -> Period:
        return self.period_of(period.first_day - timedelta(days=1), period.kind)

    def after(self, period: Period) -> Period:
        return self.period_of(period.end_day, period.kind)

    def parts(self, period: Period, kind: str) -> list[Period]:
        """The periods of a smaller kind that touch a period, in order."""
        found = [self.period_of(period.first_day, kind)]
        while found[-1].end_day < period.end_day:
            found.append(self.after(found[-1]))
        return found


# Asked for again and again with the few days of one payee's deals.
@lru_cache(maxsize=8192)
def _period_of(fiscal_start_month: int, day: date, kind: str) -> Period:
    match kind:
        case "day":
            return Period(kind, day.isoformat(), day, day + timedelta(days=1))
        case "week":
            year, week, weekday = day.isocalendar()
            monday = day - timedelta(days=weekday - 1)
            return Period(kind, f"{year}-W{week:02}", monday, monday + timedelta(days=7))
        case "month":
            first = day.replace(day=1)
            return Period(kind, f"{first:%Y-%m}", first, first + relativedelta(months=1))
        case "quarter":
            year_start = _fiscal_year_start(fiscal_start_month, day)
            number = _months_between(year_start, day) // 3
            first = year_start + relativedelta(months=3 * number)
            key = f"{year_start.year}-Q{number + 1}"
            return Period(kind, key, first, first + relativedelta(months=3))
        case "year":
            first = _fiscal_year_start(fiscal_start_month, day)
            return Period(kind, f"{first.year}", first, first + relativedelta(years=1))
    raise ValueError(f"{kind} is no kind of period: {', '.join(PERIOD_KINDS)}")


def _fiscal_year_start(month: int, day: date) -> date:
    start = date(day.year, month, 1)
    return start if start <= day else start - relativedelta(years=1)


def _months_between(earlier: date, later: date) -> int:
    return 12 * (later.year - earlier.year) + later.month - earlier.month
