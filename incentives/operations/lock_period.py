"""Lock a month of pay, for good: its statements are frozen, and nobody posts in it any more
(semantics 24)."""

from datetime import datetime

from incentives.core.calendar import Calendar, Period
from incentives.errors import Invalid, Refused
from incentives.extensions import db
from incentives.operations.accounts import paid_with
from incentives.operations.freeze_month import freeze_month, states_of
from incentives.operations.pay_months import hindrances, pay_month
from incentives.queue import ask_for_refresh
from incentives.store.activities import newest_word
from incentives.store.audit import record
from incentives.store.companies import the_company
from incentives.store.locked_statements import Frozen, keep_statements
from incentives.store.locks import PeriodLock, locks_of, wait_for_postings
from incentives.store.markers import mark_stale
from incentives.store.people import payee_ids
from incentives.store.snapshot import one_moment
from incentives.store.transaction import writing

LOCKED = "pay period locked"
LONGEST_NOTE = 400


def lock_period(
    key: str, *, by: int | None, now: datetime, note: str = "", via: str | None = None
) -> None:
    """Lock a month with every pay period that ends in it.

    Everybody's statement is frozen as it stands, and everybody is calculated anew: what comes later
    is posted in the first open period. Raises NotFound where the key names no month, Invalid for a
    note that is too long, and Refused while anything hinders it (`pay_months.hindrances`).
    """
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        said = {"note": [f"Write at most {LONGEST_NOTE} characters."]}
        raise Invalid("lock", "The month was not locked.", fields=said)
    # A statement takes its time, and nobody is kept waiting for all of them: they are made first,
    # and in the transaction only those anew behind which something has happened.
    with one_moment():
        # Of one moment, or somebody else's lock would look like news that is being worked in.
        month = pay_month(key, the_company().calendar)
        _refuse_hindered(month, now)
    before = states_of(db.session(), payee_ids())
    made = freeze_month(month, now=now)
    with writing() as session:
        wait_for_postings(session)
        # What came in while statements were made came in before the lock.
        now = max(now, newest_word(session) or now)
        calendar = the_company().calendar
        _refuse_hindered(month, now)
        states = states_of(session, payee_ids())
        changed = [each for each in states if states[each] != before.get(each)]
        made |= freeze_month(month, now=now, payee_ids=changed) if changed else {}
        frozen = [made[each] for each in states]
        already = locks_of(session)
        session.add_all(
            PeriodLock(period=each, locked_at=now, locked_by=by, note=note)
            for each in paid_with(month, calendar)
            if each not in already
        )
        keep_statements(session, month.key, frozen)
        after = _said(month, frozen, note, calendar)
        record(session, LOCKED, month.key, by=by, now=now, after=after, via=via)
        mark_stale(session, payee_ids(), now)
    ask_for_refresh()


def _refuse_hindered(month: Period, now: datetime) -> None:
    for hindrance in hindrances(month, now=now):
        raise Refused(*hindrance)


def _said(month: Period, frozen: list[Frozen], note: str, calendar: Calendar) -> dict[str, object]:
    said: dict[str, object] = {
        "statements": len(frozen),
        "pay periods": paid_with(month, calendar),
    }
    return {**said, "note": note} if note else said
