"""Streaks: days, weeks or months in a row (semantics 38). A week is named by its Monday."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from incentives.core.calendar import Period

DAY = "day"
EVERY = (DAY, "week", "month")
WEEK = timedelta(weeks=1)


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


@dataclass(slots=True)
class Runs:
    """Runs of periods that were hit, followed from one day with results to the next.

    Periods are those of the company's calendar. `going` is the length of the run that goes on,
    without the current period, and `broken` are the lengths of those that ended. A period without a
    working day is not missed. A freeze saves the run over one missed period and adds nothing to it.
    """

    period_of: Callable[[date], Period]
    freezes: int
    is_working_day: Callable[[date], bool]
    going: int = 0
    broken: list[int] = field(default_factory=list)
    current: Period | None = None

    def come_to(self, day: date, *, hit: bool) -> bool:
        """Move to the period of a day, `hit` telling of the one so far. False if it is the same."""
        period = self.period_of(day)
        if self.current == period:
            return False
        if self.current is not None:
            self._close(self.current, hit=hit)
            missed = self.period_of(self.current.end_day)
            while missed.first_day < period.first_day:
                self._close(missed, hit=False)
                missed = self.period_of(missed.end_day)
        self.current = period
        return True

    def _close(self, period: Period, *, hit: bool) -> None:
        if hit:
            self.going += 1
        elif self.going and self._could_be_hit(period):
            if self.freezes:
                self.freezes -= 1
            else:
                self.broken.append(self.going)
                self.going = 0

    def _could_be_hit(self, period: Period) -> bool:
        days = (period.first_day + timedelta(days=n) for n in range(period.days))
        return any(map(self.is_working_day, days))
