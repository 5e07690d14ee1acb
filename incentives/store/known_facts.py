"""What was known at an instant: credits by what had come in, points by what had been posted."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from incentives.core.activity import Credit
from incentives.core.crediting import part_of
from incentives.core.results import POINTS
from incentives.extensions import db
from incentives.store.activities import ActivityRevision, StoredActivity, credits_between
from incentives.store.ledger import PostedLine, Posting, that_yield


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
    ids = sorted(activity_ids)
    found: dict[int, dict[str, Any]] = {}
    for first in range(0, len(ids), 500):
        query = (
            select(ActivityRevision)
            .where(ActivityRevision.activity_id.in_(ids[first : first + 500]))
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


@dataclass(frozen=True, slots=True)
class PointsKnown:
    """The points that a payee held for something, and the day on which they count. `activity_id`
    is 0 where they are for a whole period."""

    payee_id: int
    activity_id: int
    day: date
    points: int


def points_known(
    payee_ids: Collection[int], *, before: datetime | None = None
) -> list[PointsKnown]:
    """The points in the ledger, by what had been posted before an instant, or all."""
    held: dict[tuple[object, ...], tuple[int, date]] = {}
    for line in _points_lines(payee_ids, before):
        about = tuple(line[:5])
        points, _ = held.get(about, (0, line.day))
        # Lines about one subject add up; the newest says on which day it counts.
        held[about] = points + line.amount, line.day
    return [
        PointsKnown(about[0], about[1], day, points)  # type: ignore[arg-type]
        for about, (points, day) in held.items()
        if points
    ]


def _points_lines(payee_ids: Collection[int], before: datetime | None) -> Iterator[Any]:
    ids = sorted(payee_ids)
    for first in range(0, len(ids), 500):
        query = (
            select(
                PostedLine.payee_id,
                PostedLine.activity_id,
                PostedLine.component_id,
                PostedLine.origin_period,
                PostedLine.aspect,
                PostedLine.amount,
                PostedLine.day,
            )
            .where(PostedLine.payee_id.in_(ids[first : first + 500]))
            .where(PostedLine.component_id.in_(that_yield([POINTS])))
            .order_by(PostedLine.payee_id, PostedLine.sequence)
        )
        if before is not None:
            query = query.join(
                Posting,
                (Posting.payee_id == PostedLine.payee_id)
                & (PostedLine.sequence >= Posting.first_sequence)
                & (PostedLine.sequence < Posting.first_sequence + Posting.lines),
            ).where(Posting.posted_at < before)
        yield from db.session.execute(query)


def moments_of(activity_ids: Collection[int]) -> dict[int, datetime]:
    """When activities happened, by what is known now."""
    ids = sorted(set(activity_ids) - {0})
    found: dict[int, datetime] = {}
    for first in range(0, len(ids), 500):
        query = select(StoredActivity.id, StoredActivity.occurred_at).where(
            StoredActivity.id.in_(ids[first : first + 500])
        )
        found.update({row.id: row.occurred_at for row in db.session.execute(query)})
    return found
