"""The company's holidays: added and taken away."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from incentives.errors import Invalid, NotFound
from incentives.ingest.holiday_table import LONGEST_NAME
from incentives.operations.far_days import refuse_far
from incentives.operations.record_activities import CHANGED, CREATED, UNCHANGED
from incentives.queue import ask_for_refresh
from incentives.store.audit import record
from incentives.store.holidays import Holiday
from incentives.store.markers import mark_stale
from incentives.store.people import payee_ids
from incentives.store.transaction import writing


def add_holidays(days: Sequence[tuple[date, str]], *, by: int | None, now: datetime) -> list[str]:
    """Add these days off with their names, all or none. What became of each: created, changed
    (another name) or unchanged. A day off moves streaks, so everybody is calculated anew."""
    if any(len(name) > LONGEST_NAME for _, name in days):
        sentence = f"Write a name of at most {LONGEST_NAME} characters."
        raise Invalid("holiday", "No holiday was added.", fields={"name": [sentence]})
    for day, _ in days:
        refuse_far("day", day)
    with writing() as session:
        statuses = [_add(session, day, name, by, now) for day, name in days]
        if CREATED in statuses:
            mark_stale(session, payee_ids(), now)
    ask_for_refresh()
    return statuses


def _add(session: Session, day: date, name: str, by: int | None, now: datetime) -> str:
    known = session.get(Holiday, day)
    if known is None:
        session.add(Holiday(day=day, name=name))
        # The same day may stand in the list again.
        session.flush()
        record(session, "holiday added", day.isoformat(), by=by, now=now, after=name)
        return CREATED
    if known.name == name:
        return UNCHANGED
    before, known.name = known.name, name
    record(session, "holiday named", day.isoformat(), by=by, now=now, before=before, after=name)
    return CHANGED


def remove_holiday(day: date, *, by: int | None, now: datetime) -> None:
    """Make a day a working day again."""
    with writing() as session:
        holiday = session.get(Holiday, day)
        if holiday is None:
            raise NotFound("There is no holiday on this day.")
        session.delete(holiday)
        record(session, "holiday removed", day.isoformat(), by=by, now=now, before=holiday.name)
        mark_stale(session, payee_ids(), now)
    ask_for_refresh()
