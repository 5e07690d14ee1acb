"""What happened inside a contest's window: points from the ledger, and what came too late."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from incentives.core.results import POINTS
from incentives.extensions import db
from incentives.store.activities import StoredActivity, StoredCredit
from incentives.store.ledger import PostedLine, that_yield


@dataclass(frozen=True, slots=True)
class ActivityPoints:
    """The points that a payee holds for one activity, whatever gave them."""

    payee_id: int
    activity_id: int
    occurred_at: datetime
    points: int


def points_between(
    payee_ids: Collection[int], start: datetime, end: datetime, *, received_before: datetime
) -> list[ActivityPoints]:
    """Points whose activity occurred in [start, end); what was taken back is left out."""
    query = (
        select(
            PostedLine.payee_id,
            PostedLine.activity_id,
            StoredActivity.occurred_at,
            func.sum(PostedLine.amount).label("points"),
        )
        .join(StoredActivity, StoredActivity.id == PostedLine.activity_id)
        .where(PostedLine.payee_id.in_(payee_ids))
        .where(PostedLine.component_id.in_(that_yield([POINTS])))
        .where(StoredActivity.occurred_at >= start, StoredActivity.occurred_at < end)
        .where(StoredActivity.received_at < received_before)
        .group_by(PostedLine.payee_id, PostedLine.activity_id, StoredActivity.occurred_at)
        .having(func.sum(PostedLine.amount) != 0)
    )
    return [
        ActivityPoints(row.payee_id, row.activity_id, row.occurred_at, int(row.points))
        for row in db.session.execute(query)
    ]


def count_late(
    payee_ids: Collection[int], start: datetime, end: datetime, *, received_from: datetime
) -> int:
    """Activities of [start, end) that came, or were changed, at or after an instant."""
    query = (
        select(func.count(func.distinct(StoredActivity.id)))
        .join(StoredCredit, StoredCredit.activity_id == StoredActivity.id)
        .where(StoredCredit.payee_id.in_(payee_ids))
        .where(StoredActivity.occurred_at >= start, StoredActivity.occurred_at < end)
        .where(
            or_(
                StoredActivity.received_at >= received_from,
                StoredActivity.revised_at >= received_from,
            )
        )
    )
    return db.session.scalar(query) or 0
