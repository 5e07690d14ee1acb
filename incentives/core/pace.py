"""Pace: how much of a period's working days have begun, and where that leads."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal, localcontext

from incentives.core.calendar import Period
from incentives.core.money import EXACT
from incentives.core.working_days import working_days


def pace(period: Period, day: date, days_off: Collection[date] = ()) -> Decimal:
    """The share of a period's working days that have begun by a day; 1 once it is over.

    0 where the whole period is off: nothing is expected of it.
    """
    end = min(max(day + timedelta(days=1), period.first_day), period.end_day)
    all_days = working_days(period.first_day, period.end_day, days_off)
    if not all_days:
        return Decimal(0)
    with localcontext(EXACT):
        return Decimal(working_days(period.first_day, end, days_off)) / all_days


def finish(attained: Decimal, pace: Decimal) -> Decimal | None:
    """Where a period ends if it goes on as so far; None before its first working day."""
    if pace == 0:
        return None
    with localcontext(EXACT):
        return attained / pace
