"""At midnight of the company: what was dated ahead falls due, and "today" is another day."""

from datetime import datetime

from sqlalchemy.orm import Session

from incentives.queue import ask_for_refresh
from incentives.store import people
from incentives.store.companies import the_company
from incentives.store.heartbeats import beat, heartbeats
from incentives.store.markers import mark_stale
from incentives.store.transaction import writing

TURNED = "day turned"


def turn_day(*, now: datetime) -> bool:
    """Bring everybody up to date once in each company day. Returns whether it was time."""
    calendar = the_company().calendar
    last = heartbeats().get(TURNED)
    if last is not None and calendar.day_of(last) == calendar.day_of(now):
        return False
    with writing() as session:
        _everybody_is_stale(session, now)
        beat(session, TURNED, now)
    ask_for_refresh()
    return True


def _everybody_is_stale(session: Session, now: datetime) -> None:
    mark_stale(session, people.payee_ids(), now)
