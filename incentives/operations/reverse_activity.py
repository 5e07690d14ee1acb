"""Take back an activity that one logged oneself. It counts as never made (semantics 5)."""

from datetime import datetime

from incentives.core.activity import Activity, Share
from incentives.core.activity_checks import is_clean
from incentives.errors import Forbidden, Invalid, NotFound, Refused
from incentives.operations.log_activity import is_logged_by
from incentives.operations.record_activities import record_within
from incentives.queue import ask_for_refresh
from incentives.store import people
from incentives.store.activities import StoredActivity, shares_in
from incentives.store.audit import record
from incentives.store.transaction import writing

REASON = "reversal_reason"


def reverse_activity(activity_id: int, reason: str, *, by: int, now: datetime) -> None:
    """Record the reversal as a revision, with its reason. The older content stays readable."""
    reason = " ".join(reason.split())
    if not 3 <= len(reason) <= 200:
        message = "Say why, in 3 to 200 characters."
        raise Invalid("reason", message, fields={"reason": [message]})
    if not is_clean(reason):
        message = "There is a character in it that cannot be seen. Remove it."
        raise Invalid("reason", message, fields={"reason": [message]})
    with writing() as session:
        stored = session.get(StoredActivity, activity_id)
        if stored is None:
            raise NotFound("There is no such activity.")
        if not is_logged_by(stored.source, stored.external_id, by):
            raise Forbidden("not_yours", "Only the person who logged an activity takes it back.")
        if stored.reversed:
            raise Refused("reversed", "This activity was already taken back.")
        answer = record_within(session, [(0, _reversal(stored, reason))], now=now)[0]
        assert not answer.issues, "what was stored once can be stored again"
        after = {"reason": reason}
        record(session, "activity reversed", stored.external_id, by=by, now=now, after=after)
    ask_for_refresh()


def _reversal(stored: StoredActivity, reason: str) -> Activity:
    shares = [
        Share(found.code, share.percent, share.overlay)
        for share in shares_in(stored.id)
        if (found := people.person(share.payee_id))
    ]
    return Activity(
        source=stored.source,
        external_id=stored.external_id,
        kind=stored.kind,
        shares=tuple(shares),
        occurred_at=stored.occurred_at,
        amount=stored.amount,
        currency=stored.currency,
        quantity=stored.quantity,
        attributes={**stored.attributes, REASON: reason},
        reversed=True,
    )
