"""The CRM export, moved to today: its last quarter becomes the current one."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dateutil.relativedelta import relativedelta

from incentives.core.calendar import Calendar, Period

DATA = Path(__file__).parent / "data"
PIPELINE = DATA / "sales_pipeline.csv"
LAST_QUARTER = "2017-Q4"
# However late in the quarter a demo is built, so much happens live.
HELD_BACK_AT_LEAST = 250

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class History:
    """`known` is what the CRM would say today, `held_back` what it will say later: both as files
    of opportunities. `quarters` are those in which deals closed."""

    known: bytes
    held_back: bytes
    first_day: date
    quarters: tuple[Period, ...]


def history_until(today: date, calendar: Calendar) -> History:
    """The export as if its last quarter were the one of `today`.

    Dates move by whole months, so every quarter keeps its total.
    """
    current = calendar.period_of(today, "quarter")
    last = calendar.period_named(LAST_QUARTER)
    assert last is not None, "the name of the last quarter is written as the calendar writes it"
    rows = [_moved(row, _months(last.first_day, current.first_day)) for row in _read(PIPELINE)]
    held_back = _held_back(rows, today, current)
    ids = {row["opportunity_id"] for row in held_back}
    known = [as_of for row in rows if (as_of := _as_of(row, today, row["opportunity_id"] in ids))]
    days = [date.fromisoformat(row["close_date"]) for row in rows if row["close_date"]]
    first_quarter = calendar.period_of(min(days), "quarter")
    engaged = min(row["engage_date"] for row in rows if row["engage_date"])
    return History(
        known=_written(known),
        held_back=_written(held_back),
        first_day=calendar.period_of(date.fromisoformat(engaged), "quarter").first_day,
        quarters=_quarters(first_quarter, current, calendar),
    )


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _written(rows: Sequence[Row]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else ["opportunity_id"])
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def _months(earlier: date, later: date) -> int:
    return 12 * (later.year - earlier.year) + later.month - earlier.month


def _moved(row: Row, months: int) -> Row:
    return {
        **row,
        **{
            name: (date.fromisoformat(row[name]) + relativedelta(months=months)).isoformat()
            for name in ("engage_date", "close_date")
            if row[name]
        },
    }


def _held_back(rows: Iterable[Row], today: date, current: Period) -> list[Row]:
    """What closes after today, and in any case the latest of the quarter, in order of date."""
    closing = sorted(
        (row for row in rows if row["close_date"] >= current.first_day.isoformat()),
        key=lambda row: (row["close_date"], row["opportunity_id"]),
    )
    later = sum(1 for row in closing if row["close_date"] > today.isoformat())
    return closing[-max(later, HELD_BACK_AT_LEAST) :]


def _as_of(row: Row, today: date, is_held_back: bool) -> Row | None:
    """A row as the CRM would show it today: still open if it closes later, without dates that are
    yet to come, and None if nobody knows of it."""
    is_engaged = bool(row["engage_date"]) and row["engage_date"] <= today.isoformat()
    if is_held_back:
        open_row = {**row, "deal_stage": "Engaging", "close_date": "", "close_value": ""}
        return open_row if is_engaged else None
    if row["engage_date"] and not is_engaged:
        return {**row, "deal_stage": "Prospecting", "engage_date": ""}
    return row


def _quarters(first: Period, last: Period, calendar: Calendar) -> tuple[Period, ...]:
    found = [first]
    while found[-1] != last:
        found.append(calendar.after(found[-1]))
    return tuple(found)
