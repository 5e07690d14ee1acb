"""At midnight of the company: what was dated ahead falls due, and "today" is another day."""

from datetime import datetime

from incentives.queue import ask_for_refresh
from incentives.store import people
from incentives.store.companies import the_company
from incentives.store.heartbeats import beat, heartbeats, locked_beat
from incentives.store.markers import mark_stale
from incentives.store.transaction import writing

TURNED = "day turned"


def turn_day(*, now: datetime) -> bool:
    """Bring everybody up to date once in each company day. Returns whether it was time."""
    if not _is_time(heartbeats().get(TURNED), now):
        return False
    with writing() as session:
        # One ticker at a time has the slot; whoever waited for it finds the day turned.
        if not _is_time(locked_beat(session, TURNED), now):
            return False
        mark_stale(session, people.payee_ids(), now)
        beat(session, TURNED, now)
    ask_for_refresh()
    return True


def _is_time(last: datetime | None, now: datetime) -> bool:
    calendar = the_company().calendar
    return last is None or calendar.day_of(last) != calendar.day_of(now)
