"""Money in the ledger, summed by payee, plan and pay period: what a settlement begins with."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from incentives.core.results import MONEY
from incentives.extensions import db
from incentives.store.ledger import EarningComponent, PostedLine
from incentives.store.parts import in_parts_or_all


@dataclass(frozen=True, slots=True)
class PaySum:
    """Minor units posted in a pay period. `plan_id` is 0 for prizes, and that of the plan with
    which an adjustment is paid; `activity_id` is 0 for lines that pay for a whole period, and where
    the sum is of all activities."""

    payee_id: int
    plan_id: int
    currency: str
    period: str
    amount_minor: int
    activity_id: int = 0


def by_period(payee_ids: Collection[int] | None = None) -> Iterator[PaySum]:
    """What was posted to some payees, or to everybody."""
    for ids in in_parts_or_all(payee_ids):
        yield from _sums(ids)


def by_activity(payee_ids: Collection[int]) -> Iterator[PaySum]:
    """The same for each activity that something was posted for."""
    for ids in in_parts_or_all(payee_ids):
        yield from (row for row in _sums(ids, PostedLine.activity_id) if row.activity_id)


def _sums(payee_ids: Sequence[int] | None, *also: Any) -> Iterator[PaySum]:
    components = select(EarningComponent).where(EarningComponent.yields == MONEY)
    paying = {component.id: component for component in db.session.scalars(components)}
    by = (PostedLine.payee_id, PostedLine.component_id, PostedLine.period, *also)
    query = (
        select(*by, func.sum(PostedLine.amount).label("amount"))
        .where(PostedLine.component_id.in_(paying))
        .group_by(*by)
    )
    if payee_ids is not None:
        query = query.where(PostedLine.payee_id.in_(payee_ids))
    sums: dict[tuple[Any, ...], int] = {}
    for payee_id, component_id, period, *activity, amount in db.session.execute(query):
        component = paying[component_id]
        key = (payee_id, _paid_with(component), component.currency or "", period, *activity)
        sums[key] = sums.get(key, 0) + int(amount)
    for (payee_id, plan_id, currency, period, *activity), amount in sums.items():
        yield PaySum(payee_id, plan_id, currency, period, amount, *activity)


def _paid_with(component: EarningComponent) -> int:
    return component.plan_id or component.adjusts_plan_id or 0
