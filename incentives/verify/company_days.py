"""Days and periods of the company, reckoned for the checker alone (semantics 2 and 3)."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


def as_micros(instant: datetime) -> int:
    """An instant as whole microseconds since 1970."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


class CompanyDays:
    """Days in one time zone, and the names of the periods they lie in. Months here are those of
    the calendar: a company that counts its months in weeks is not reckoned."""

    def __init__(self, zone: str, fiscal_start_month: int, year_named_after: str) -> None:
        self._zone = ZoneInfo(zone)
        self._start_month = fiscal_start_month
        self._is_ahead = year_named_after == "end" and fiscal_start_month > 1

    def day_of(self, micros: int) -> date:
        """The day at an instant. One that has begun does not end again, also where clocks went
        back over midnight."""
        instant = _EPOCH + timedelta(microseconds=micros)
        local = instant.astimezone(self._zone)
        day = local.date()
        if local.fold and micros >= self.start_of(day + _DAY):
            return day + _DAY
        return day

    def start_of(self, day: date) -> int:
        """When a day begins, in microseconds since 1970."""
        return as_micros(datetime.combine(day, time(), tzinfo=self._zone).astimezone(UTC))

    def start_of_day_of(self, micros: int) -> int:
        return self.start_of(self.day_of(micros))

    def key(self, day: date, kind: str) -> str:
        """The name of the week, month, quarter or year a day lies in: 2026-W47, 2026-11, 2026-Q4,
        2026."""
        return _key(self._start_month, self._is_ahead, day, kind)


@lru_cache(maxsize=1 << 16)
def _key(start_month: int, is_ahead: bool, day: date, kind: str) -> str:
    if kind == "day":
        return day.isoformat()
    if kind == "month":
        return f"{day.year}-{day.month:02}"
    if kind == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    name = day.year - (day.month < start_month) + is_ahead
    if kind == "year":
        return str(name)
    assert kind == "quarter", f"{kind} is no kind of period"
    return f"{name}-Q{(day.month - start_month) % 12 // 3 + 1}"
