"""A list of people on a plan: in which team, under whom, from when until when."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from incentives.core.activity import Issue
from incentives.core.activity_checks import is_clean
from incentives.core.calendar import ALWAYS, Calendar, Period
from incentives.core.roster import Stay
from incentives.ingest.columns import Field
from incentives.ingest.quota_table import period_reader, quota_amount
from incentives.ingest.records import Record, read_records
from incentives.ingest.values import Unclear, day_of

FIELDS = (
    Field("payee", "Payee", ("code", "id", "email", "rep", "salesrep", "agent"), required=True),
    Field("name", "Name", ("fullname",)),
    Field("team", "Team", ()),
    Field("manager", "Manager", ("managedby", "reportsto")),
    Field("from", "First day", ("firstday", "start", "startdate")),
    Field("until", "First day that no longer counts", ("endday", "end", "to")),
    Field("target_incentive", "Target incentive", ("target",)),
    Field("period", "Period of the target incentive", ("targetperiod",)),
    Field("leave", "Days off", ("daysoff",)),
)


def read_people(content: bytes, calendar: Calendar) -> tuple[list[Stay], list[Issue]]:
    """Every good row; a payee who moves has a row for each stay. Raises Unreadable.

    Rows of one payee that have days in common are an issue, so every day has one team.
    """
    stays: list[Stay] = []
    issues: list[Issue] = []
    by_payee: dict[str, list[Stay]] = {}
    for record in read_records(content, FIELDS):
        stay = None if record.issues else _stay(record, calendar)
        if stay is not None:
            earlier = by_payee.setdefault(stay.payee.casefold(), [])
            _refuse_common_days(record, stay, earlier)
            if not record.issues:
                earlier.append(stay)
                stays.append(stay)
        issues.extend(record.issues)
    return stays, issues


def _refuse_common_days(record: Record, stay: Stay, earlier: Sequence[Stay]) -> None:
    for other in earlier:
        if stay.meets(other):
            message = (
                f"Row {other.row} has {stay.payee} on the same days. End one before the other."
            )
            record.refuse("from", "common_days", message)


def _stay(record: Record, calendar: Calendar) -> Stay | None:
    payee = record.needed("payee", _text, "Write who it is about.")
    name, team, manager = (record.read(field, _text) or "" for field in ("name", "team", "manager"))
    first_day = record.read("from", day_of) or ALWAYS
    end_day = record.read("until", day_of)
    if end_day is not None and end_day <= first_day:
        message = "The first day that no longer counts comes after the first day. Check both."
        record.refuse("until", "ends_before_it_begins", message)
    target = _target(record, calendar)
    leave = _leave(record)
    if record.issues or payee is None:
        return None
    return Stay(record.row, payee, name or payee, team, manager, first_day, end_day, target, leave)


def _target(record: Record, calendar: Calendar) -> tuple[Period, Decimal] | None:
    amount = record.read("target_incentive", quota_amount)
    if amount is None:
        return None
    message = "Say for which period the target incentive is, such as 2026."
    period = record.needed("period", period_reader(calendar), message)
    return None if period is None else (period, amount)


def _leave(record: Record) -> frozenset[date]:
    """Days off, both ends included: "2026-03-02..2026-03-15; 2026-04-01", or a list of these."""
    written = record.value("leave")
    spans = written.split(";") if isinstance(written, str) else written
    days: set[date] = set()
    try:
        for span in spans:
            days.update(_days_off(span))
    except Unclear as error:
        record.refuse("leave", error.code, error.message)
    return frozenset(days)


def _days_off(span: Any) -> Iterator[date]:
    if not isinstance(span, str):
        raise Unclear("bad_leave", 'Write days off like "2026-03-02..2026-03-15".')
    if not span.strip():
        return
    first, dots, last = (part.strip() for part in span.partition(".."))
    first_day = day_of(first)
    last_day = day_of(last) if dots else first_day
    if not 0 <= (last_day - first_day).days < 3_660:
        raise Unclear("bad_leave", f"{span.strip()} does not end after it begins. Check both days.")
    yield from (first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1))


def _text(text: str) -> str:
    if len(text) > 120 or not is_clean(text):
        raise Unclear("unclean", "Write at most 120 characters, all of which can be seen.")
    return " ".join(text.split())
