"""Points by the lines of the ledger, as they were posted before an instant, or as they are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any

from sqlalchemy import select

from incentives.core.results import POINTS
from incentives.extensions import db
from incentives.store.ledger import EarningComponent, LineTerms, PostedLine, Posting, that_yield
from incentives.store.parts import in_parts

# What a line is about.
_SUBJECT = (
    PostedLine.payee_id,
    PostedLine.activity_id,
    PostedLine.component_id,
    PostedLine.origin_period,
    PostedLine.aspect,
)


@dataclass(frozen=True, slots=True)
class PointsKnown:
    """The points that a payee holds for something, and the day on which they count. `activity_id`
    is 0 where they are for a whole period."""

    payee_id: int
    activity_id: int
    day: date
    points: int


@dataclass(frozen=True, slots=True)
class PointsEarned:
    """Points that one component gave a payee for an activity, or for a whole period where
    `activity_id` is 0, by the newest plan version that had a say; `day` is when they count. There
    is one for each origin period and aspect, so a component may have given several for the same."""

    payee_id: int
    activity_id: int
    component_id: int
    component: str
    plan_version_id: int | None
    day: date
    points: int


def points_known(
    payee_ids: Collection[int], *, before: datetime | None = None
) -> list[PointsKnown]:
    """What payees hold for anything."""
    return [
        PointsKnown(line.payee_id, line.activity_id, line.day, points)
        for part in in_parts(payee_ids)
        for line, points in _held(_points(before).where(PostedLine.payee_id.in_(part)))
    ]


def points_earned(
    payee_ids: Collection[int], activity_ids: Collection[int], *, before: datetime | None = None
) -> list[PointsEarned]:
    """What payees hold for some activities, and what gave it."""
    query = (
        _points(before)
        .add_columns(LineTerms.plan_version_id, EarningComponent.name)
        .join(LineTerms, LineTerms.id == PostedLine.terms_id)
        .join(EarningComponent, EarningComponent.id == PostedLine.component_id)
    )
    return [
        PointsEarned(
            line.payee_id,
            line.activity_id,
            line.component_id,
            line.name,
            line.plan_version_id,
            line.day,
            points,
        )
        for payees, activities in product(in_parts(payee_ids), in_parts(activity_ids))
        for line, points in _held(
            query.where(PostedLine.payee_id.in_(payees), PostedLine.activity_id.in_(activities))
        )
    ]


def _points(before: datetime | None) -> Any:
    query = (
        select(*_SUBJECT, PostedLine.amount, PostedLine.day)
        .where(PostedLine.component_id.in_(that_yield([POINTS])))
        .order_by(PostedLine.payee_id, PostedLine.sequence)
    )
    if before is None:
        return query
    return query.join(PostedLine.posting).where(Posting.posted_at < before)


def _held(query: Any) -> Iterable[tuple[Any, int]]:
    """The newest line about each subject with the sum of all; the newest says by which terms, and
    on which day it counts."""
    newest: dict[tuple[Any, ...], Any] = {}
    sums: dict[tuple[Any, ...], int] = {}
    for line in db.session.execute(query):
        about = tuple(line[: len(_SUBJECT)])
        newest[about] = line
        sums[about] = sums.get(about, 0) + line.amount
    return [(line, sums[about]) for about, line in newest.items() if sums[about]]
