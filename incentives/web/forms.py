"""What forms send, read the same way everywhere."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import request

from incentives.unreadable import LARGEST_ID

# Where the browser jumps to, what the field is called, what to write.
FieldError = tuple[str, str, str]


def text(name: str) -> str:
    return request.form.get(name, "").strip()


def day(name: str) -> date | None:
    """The day that was written, or None where none was."""
    try:
        return date.fromisoformat(text(name))
    except ValueError:
        return None


def moment(name: str, zone: ZoneInfo) -> datetime | None:
    """The moment that was written by the clock of a zone, or None where none was."""
    try:
        return datetime.fromisoformat(text(name)).replace(tzinfo=zone)
    except ValueError:
        return None


def minute(name: str) -> int | None:
    """A time of day as its minute: 07:30 is 450; None where none was written."""
    try:
        found = time.fromisoformat(text(name))
    except ValueError:
        return None
    return found.hour * 60 + found.minute


def whole(name: str) -> int:
    """A whole number; 0 where none was written."""
    return as_whole(text(name)) or 0


def as_whole(written: str) -> int | None:
    """The whole number of at most nine digits that was written; None for anything else."""
    is_whole = written.isascii() and written.isdigit() and len(written) < 10
    return int(written) if is_whole else None


def ids(texts: Sequence[str]) -> list[int]:
    """Those of the texts that may be ids; the others name nothing."""
    return [
        int(text)
        for text in texts
        if text.isdecimal() and len(text) <= 10 and int(text) <= LARGEST_ID
    ]


def list_sent() -> bytes:
    """A list as a file, or as text pasted beside it; empty where neither was sent."""
    file = request.files.get("file")
    return file.read() if file and file.filename else text("list").encode()


def error_list(
    problems: Mapping[str, Sequence[str]], labels: Mapping[str, str], prefix: str = "field"
) -> list[FieldError]:
    """For the summary above a form, in the order of its fields; their ids begin with `prefix`."""
    return [
        (f"{prefix}-{name}", label, problems[name][0])
        for name, label in labels.items()
        if problems.get(name)
    ]
