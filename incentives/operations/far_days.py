"""Days on which nothing can have happened, such as one of the year 0006: slips of the keyboard.

What lasts from such a day on would be counted through two thousand years.
"""

from datetime import date

from incentives.core.calendar import ALWAYS, YEARS
from incentives.errors import Invalid

SENTENCE = f"Write a year from {YEARS[0]} to {YEARS[-1]}."


def is_far(day: date) -> bool:
    return day.year not in YEARS


def refuse_far(field: str, day: date | None, *, or_always: bool = False) -> None:
    """Raise Invalid naming the field. With `or_always` that which has no known beginning is let
    through, for it is counted from the first thing that happened."""
    if day is None or (or_always and day == ALWAYS):
        return
    if is_far(day):
        raise Invalid("far_day", SENTENCE, fields={field: [SENTENCE]})
