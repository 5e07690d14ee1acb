"""A list of holidays by day."""

from datetime import date

from incentives.core.activity import Issue
from incentives.core.calendar import YEARS
from incentives.ingest.columns import Field
from incentives.ingest.records import read_records
from incentives.ingest.values import day_of

LONGEST_NAME = 80
FIELDS = (
    Field("day", "Day", ("date",), required=True),
    Field("name", "Name", ("holiday", "title", "localname")),
)


def read_holidays(content: bytes) -> tuple[list[tuple[date, str]], list[Issue]]:
    """Day and name of every good row, in the order of the file. Raises Unreadable."""
    days: dict[date, str] = {}
    issues: list[Issue] = []
    for record in read_records(content, FIELDS):
        day = record.needed("day", day_of, "Write the day, such as 2026-12-25.")
        name = record.text("name")
        if len(name) > LONGEST_NAME:
            record.refuse("name", "too_long", f"Write at most {LONGEST_NAME} characters.")
        if day is not None and day.year not in YEARS:
            sentence = f"Write a year from {YEARS[0]} to {YEARS[-1]}."
            record.refuse("day", "far", sentence)
        if day is not None and day in days:
            record.refuse("day", "twice", "An earlier row has this day. Keep one.")
        issues.extend(record.issues)
        if day is not None and not record.issues:
            days[day] = name
    return list(days.items()), issues
