"""What people hold of components that are won by an activity: badges and milestones."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from incentives.core.calendar import Period
from incentives.core.results import NO_ACTIVITY, POINTS
from incentives.extensions import db
from incentives.store.activities import StoredActivity
from incentives.store.ledger import EarningComponent, PostedLine, that_yield
from incentives.store.people import Person


@dataclass(frozen=True, slots=True)
class AwardHeld:
    payee_id: int
    component_id: int
    component: str
    activity_id: int
    occurred_at: datetime


def awards_since(component_ids: Collection[int], since: datetime) -> list[AwardHeld]:
    """Held by an activity from an instant on; what was taken back is left out."""
    # The key begins with the payee: with it, only lines of these components are looked at.
    everybody = select(Person.id).where(Person.is_payee)
    query = (
        select(
            PostedLine.payee_id,
            PostedLine.component_id,
            EarningComponent.name,
            PostedLine.activity_id,
            StoredActivity.occurred_at,
        )
        .join(StoredActivity, StoredActivity.id == PostedLine.activity_id)
        .join(EarningComponent, EarningComponent.id == PostedLine.component_id)
        .where(PostedLine.payee_id.in_(everybody), PostedLine.component_id.in_(component_ids))
        .where(StoredActivity.occurred_at >= since)
        .group_by(
            PostedLine.payee_id,
            PostedLine.component_id,
            EarningComponent.name,
            PostedLine.activity_id,
            StoredActivity.occurred_at,
        )
        .having(func.sum(PostedLine.amount) > 0)
    )
    if not component_ids:
        return []
    return [
        AwardHeld(payee_id, component_id, name, activity_id, occurred_at)
        for payee_id, component_id, name, activity_id, occurred_at in db.session.execute(query)
        if occurred_at is not None
    ]


def has_points_for_periods(span: Period) -> bool:
    """Whether points were posted in a span that pay for a period, and for no one activity."""
    query = (
        select(PostedLine.payee_id)
        .where(PostedLine.payee_id.in_(select(Person.id).where(Person.is_payee)))
        .where(PostedLine.component_id.in_(that_yield([POINTS])))
        .where(PostedLine.activity_id == NO_ACTIVITY)
        .where(PostedLine.day >= span.first_day, PostedLine.day < span.end_day)
    )
    return db.session.scalars(query.limit(1)).first() is not None
