"""Working days: what is left of a week without weekends, holidays and leave (semantics 38)."""

from collections.abc import Collection
from datetime import date

WORKING_WEEK = 5


def is_working_day(
    day: date, holidays: Collection[date] = (), leave: Collection[date] = ()
) -> bool:
    """Monday to Friday, unless the company or the payee has the day off."""
    return day.weekday() < WORKING_WEEK and day not in holidays and day not in leave
