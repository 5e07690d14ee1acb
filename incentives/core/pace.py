"""Pace: how much of a period's working days have begun, and where that leads."""

from datetime import date, timedelta
from decimal import Decimal, localcontext

from incentives.core.calendar import Period
from incentives.core.money import EXACT

WORKING_WEEK = 5


def working_days(first_day: date, end_day: date) -> int:
    """Mondays to Fridays in [first_day, end_day)."""
    days = (end_day - first_day).days
    weeks, rest = divmod(max(0, days), 7)
    started = (first_day + timedelta(days=n) for n in range(rest))
    return weeks * WORKING_WEEK + sum(day.weekday() < WORKING_WEEK for day in started)


def pace(period: Period, day: date) -> Decimal:
    """The share of a period's working days that have begun by a day; 1 once it is over."""
    end = min(max(day + timedelta(days=1), period.first_day), period.end_day)
    begun = working_days(period.first_day, end)
    with localcontext(EXACT):
        return Decimal(begun) / working_days(period.first_day, period.end_day)


def working_days_left(period: Period, day: date) -> int:
    """Working days of a period after a day."""
    return working_days(max(day + timedelta(days=1), period.first_day), period.end_day)


def finish(attained: Decimal, pace: Decimal) -> Decimal | None:
    """Where a period ends if it goes on as so far; None before its first working day."""
    if pace == 0:
        return None
    with localcontext(EXACT):
        return attained / pace
