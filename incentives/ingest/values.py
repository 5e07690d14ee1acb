"""Dates and amounts as cells hold them: one way of writing each, anything else refused in words."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from incentives.core.calendar import Calendar

_HOW = "Write year-month-day, such as 2017-03-01."
_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?")
_NUMBER = re.compile(r"-?[0-9]{1,14}(?:\.[0-9]{1,10})?")
_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")


class Unclear(Exception):
    """A cell that does not say one thing. `code` is for programs, `message` says what to write."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def instant_of(text: str, calendar: Calendar) -> datetime:
    """The instant a cell means. A date alone is the start of that day in the company's zone, so a
    date never shifts; a time without an offset is the company's."""
    if not _DATE.fullmatch(text):
        raise Unclear("bad_date", f"{text} is not a date as we read it. {_HOW}")
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            found = found.replace(tzinfo=calendar.zone)
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unclear("no_such_date", f"There is no day or time {text}. {_HOW}") from error


def day_of(text: str) -> date:
    """A company day, written without a time."""
    if not _DAY.fullmatch(text):
        raise Unclear("bad_date", f"{text} is not a day as we read it. {_HOW}")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unclear("no_such_date", f"There is no day {text}. {_HOW}") from error


def truth_of(text: str) -> bool:
    """Yes or no."""
    word = text.casefold()
    if word not in (*_YES, *_NO):
        raise Unclear("bad_truth", f"{text} is neither true nor false. Write one of them.")
    return word in _YES


def number_of(text: str) -> Decimal:
    """A number of either sign, written with digits and a point and nothing else."""
    if not _NUMBER.fullmatch(text):
        raise Unclear(
            "bad_number",
            f"{text} is not a number as we read it. Write digits and a point, such as 1054.00.",
        )
    return Decimal(text)


def amount_of(text: str) -> Decimal:
    """An amount in major units, 0 or more, written with digits and a point and nothing else."""
    if text.startswith(("-", "−", "(")):
        raise Unclear("negative_amount", f"{text} is negative. Write 0 or more, such as 1054.00.")
    if not _AMOUNT.fullmatch(text):
        raise Unclear(
            "bad_amount",
            f"{text} is not an amount as we read it. Write digits and a point, such as 1054.00.",
        )
    return Decimal(text)
