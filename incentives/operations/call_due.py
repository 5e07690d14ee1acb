"""What was dated ahead counts from its own moment on, not from the next midnight (semantics 2)."""

from datetime import datetime, timedelta

from incentives.operations.mark_behind import mark_behind
from incentives.queue import ask_for_refresh
from incentives.store import people
from incentives.store.activities import payees_with_due
from incentives.store.heartbeats import beat, heartbeats
from incentives.store.transaction import writing

CALLED = "due looked for"
# Where nobody has looked yet; what came due earlier is worked in when the day turns.
AT_FIRST = timedelta(days=1)


def call_due(*, now: datetime) -> int:
    """Say that those are behind whose activities came due since the last look. Returns how many.

    Looking twice at the same moments does no harm: a sum too many posts nothing.
    """
    since = heartbeats().get(CALLED, now - AT_FIRST)
    with writing() as session:
        due = payees_with_due(session, people.payee_ids(), since, now)
        mark_behind(session, due, now)
        beat(session, CALLED, now)
    if due:
        ask_for_refresh()
    return len(due)
