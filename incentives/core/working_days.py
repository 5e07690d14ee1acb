"""Working days: what is left of a week without weekends, holidays and leave (semantics 38)."""

from collections.abc import Collection
from datetime import date, timedelta

from incentives.core.calendar import Period

WORKING_WEEK = 5


def is_working_day(
    day: date, holidays: Collection[date] = (), leave: Collection[date] = ()
) -> bool:
    """Monday to Friday, unless the company or the payee has the day off."""
    return day.weekday() < WORKING_WEEK and day not in holidays and day not in leave


def working_days(first_day: date, end_day: date, days_off: Collection[date] = ()) -> int:
    """Mondays to Fridays in [first_day, end_day) without the days off, each of which is one day."""
    days = (end_day - first_day).days
    weeks, rest = divmod(max(0, days), 7)
    started = (first_day + timedelta(days=n) for n in range(rest))
    off = (day for day in days_off if first_day <= day < end_day)
    return weeks * WORKING_WEEK + sum(map(is_working_day, started)) - sum(map(is_working_day, off))


def working_days_left(period: Period, day: date, days_off: Collection[date] = ()) -> int:
    """Working days of a period after a day."""
    return working_days(max(day + timedelta(days=1), period.first_day), period.end_day, days_off)
