"""Divisions: new hires are ranked apart from those who have been there for long."""

from collections.abc import Mapping
from datetime import date

NEW, SETTLED = "New hires", "Everybody else"
DIVISIONS = (SETTLED, NEW)


def division(began: date | None, day: date, days: int) -> str:
    """New is who began less than so many days before a day, that day included."""
    return NEW if began is not None and (day - began).days < days else SETTLED


def divisions(
    entrant_ids: list[int], began: Mapping[int, date], day: date, days: int
) -> dict[int, str]:
    """The division of each entrant on a day."""
    return {each: division(began.get(each), day, days) for each in entrant_ids}
