"""Streaks: weeks in a row, each named by its Monday."""

from collections.abc import Collection
from datetime import date, timedelta

WEEK = timedelta(weeks=1)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks_in_a_row(weeks: Collection[date], this_week: date) -> int:
    """The unbroken run up to this week, which is not missed before it ends (semantics 38)."""
    monday = this_week if this_week in weeks else this_week - WEEK
    count = 0
    while monday in weeks:
        count += 1
        monday -= WEEK
    return count


def longest_run(weeks: Collection[date]) -> int:
    starts = [monday for monday in weeks if monday - WEEK not in weeks]
    return max((_run_from(monday, weeks) for monday in starts), default=0)


def _run_from(monday: date, weeks: Collection[date]) -> int:
    count = 0
    while monday + count * WEEK in weeks:
        count += 1
    return count
