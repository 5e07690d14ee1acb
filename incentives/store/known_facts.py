"""What was known at an instant, by what had come in."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from incentives.core.activity import Credit
from incentives.core.crediting import part_of
from incentives.extensions import db
from incentives.store.activities import ActivityRevision, StoredActivity, credits_between
from incentives.store.parts import in_parts


def credits_known(
    payee_ids: Collection[int], start: datetime, end: datetime, *, before: datetime
) -> list[tuple[int, Credit]]:
    """Who had done what in [start, end), by what was known before an instant: without what came
    later, and with what later revisions and reversals changed as it was."""
    changed = _changed_since(before)
    wanted = set(payee_ids)
    found = [
        (payee_id, credit)
        for payee_id, credit in credits_between(payee_ids, start, end, received_before=before)
        if credit.activity_id not in changed
    ]
    for payee_id, credit in _as_they_were(changed, before):
        if payee_id in wanted and start <= credit.occurred_at < end:
            found.append((payee_id, credit))
    return found


def _changed_since(instant: datetime) -> dict[int, Any]:
    """The activities that were known before an instant, and revised or reversed at or after it."""
    query = select(
        StoredActivity.id,
        StoredActivity.source,
        StoredActivity.external_id,
        StoredActivity.received_at,
    ).where(StoredActivity.received_at < instant, StoredActivity.revised_at >= instant)
    return {row.id: row for row in db.session.execute(query)}


def _as_they_were(activities: Mapping[int, Any], before: datetime) -> Iterator[tuple[int, Credit]]:
    contents = _contents(activities, before)
    for activity_id, content in contents.items():
        if content["reversed"] or content["occurred_at"] is None:
            continue
        for overlay, shares in ((False, content["shares"]), (True, content["overlays"])):
            for payee_id, percent in shares.items():
                credit = _credit(activities[activity_id], content, Decimal(percent), overlay)
                yield int(payee_id), credit


def _contents(activity_ids: Iterable[int], before: datetime) -> dict[int, dict[str, Any]]:
    """What each activity said: its first revision that was not yet superseded."""
    found: dict[int, dict[str, Any]] = {}
    for part in in_parts(set(activity_ids)):
        query = (
            select(ActivityRevision)
            .where(ActivityRevision.activity_id.in_(part))
            .where(ActivityRevision.superseded_at >= before)
            .order_by(ActivityRevision.revision)
        )
        for kept in db.session.scalars(query):
            found.setdefault(kept.activity_id, kept.content)
    return found


def _credit(activity: Any, content: Mapping[str, Any], percent: Decimal, overlay: bool) -> Credit:
    return Credit(
        activity_id=activity.id,
        source=activity.source,
        external_id=activity.external_id,
        kind=content["kind"],
        occurred_at=datetime.fromisoformat(content["occurred_at"]),
        received_at=activity.received_at,
        amount=part_of(Decimal(content["amount"] or 0), percent),
        currency=content["currency"],
        quantity=part_of(Decimal(content["quantity"]), percent),
        attributes=content["attributes"],
        overlay=overlay,
    )


def moments_of(activity_ids: Collection[int]) -> dict[int, datetime]:
    """When activities happened, by what is known now."""
    found: dict[int, datetime] = {}
    for part in in_parts(set(activity_ids) - {0}):
        query = select(StoredActivity.id, StoredActivity.occurred_at).where(
            StoredActivity.id.in_(part)
        )
        found.update({row.id: row.occurred_at for row in db.session.execute(query)})
    return found
