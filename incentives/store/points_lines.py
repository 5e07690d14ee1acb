"""The points behind a score, by what gave them: component and plan version."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from incentives.core.results import POINTS
from incentives.extensions import db
from incentives.store.ledger import EarningComponent, LineTerms, PostedLine, Posting, that_yield

# Asked for at a time; both databases bind so many.
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class PointsEarned:
    """The points that one component gave for an activity, or for a whole period where
    `activity_id` is 0, by the newest plan version that had a say; `day` is when they count."""

    activity_id: int
    component_id: int
    component: str
    plan_version_id: int | None
    day: date
    points: int


def points_earned(
    payee_id: int, activity_ids: Collection[int], *, before: datetime | None = None
) -> list[PointsEarned]:
    """What a payee holds for these activities by what was posted before an instant, or all."""
    held: dict[tuple[object, ...], tuple[int, Any]] = {}
    for line in _lines(payee_id, sorted(activity_ids), before):
        about = line.activity_id, line.component_id, line.origin_period, line.aspect
        points, _ = held.get(about, (0, None))
        # Lines about one subject add up; the newest says by which terms, and on which day.
        held[about] = points + line.amount, line
    return [
        PointsEarned(
            line.activity_id,
            line.component_id,
            line.name,
            line.plan_version_id,
            line.day,
            points,
        )
        for points, line in held.values()
        if points
    ]


def _lines(payee_id: int, activity_ids: list[int], before: datetime | None) -> Iterator[Any]:
    for first in range(0, len(activity_ids), _BATCH):
        query = (
            select(
                PostedLine.activity_id,
                PostedLine.component_id,
                PostedLine.origin_period,
                PostedLine.aspect,
                PostedLine.amount,
                PostedLine.day,
                LineTerms.plan_version_id,
                EarningComponent.name,
            )
            .join(LineTerms, LineTerms.id == PostedLine.terms_id)
            .join(EarningComponent, EarningComponent.id == PostedLine.component_id)
            .where(PostedLine.payee_id == payee_id)
            .where(PostedLine.component_id.in_(that_yield([POINTS])))
            .where(PostedLine.activity_id.in_(activity_ids[first : first + _BATCH]))
            .order_by(PostedLine.sequence)
        )
        if before is not None:
            query = query.join(
                Posting,
                (Posting.payee_id == PostedLine.payee_id)
                & (PostedLine.sequence >= Posting.first_sequence)
                & (PostedLine.sequence < Posting.first_sequence + Posting.lines),
            ).where(Posting.posted_at < before)
        yield from db.session.execute(query)
