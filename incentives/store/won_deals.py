"""Won deals for the feed, newest first, each with who shares it."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import exists, not_, select

from incentives.core.activity import WON
from incentives.extensions import db
from incentives.store.activities import StoredActivity, StoredCredit, shares_of
from incentives.store.parts import is_one_of

# Read at a time; a floor may pass over many.
_BATCH = 100


def won_between(
    start: datetime,
    end: datetime,
    *,
    among: Collection[int] | None,
    besides: Collection[int],
) -> Iterator[tuple[StoredActivity, list[int]]]:
    """Deals won in [start, end) that stand, newest first, with the payees whose shares total 100.

    With `among` only those that one of these shares; never those that `besides` share alone.
    """
    shared = exists().where(
        StoredCredit.activity_id == StoredActivity.id, StoredCredit.overlay.is_(False)
    )
    if among is not None:
        shared = shared.where(is_one_of(StoredCredit.payee_id, among))
    if besides:
        shared = shared.where(not_(is_one_of(StoredCredit.payee_id, besides)))
    query = (
        select(StoredActivity)
        .where(StoredActivity.kind == WON, StoredActivity.reversed.is_(False))
        .where(StoredActivity.occurred_at >= start, StoredActivity.occurred_at < end)
        .where(shared)
        .order_by(StoredActivity.occurred_at.desc(), StoredActivity.id.desc())
        .limit(_BATCH)
    )
    first = 0
    while deals := db.session.scalars(query.offset(first)).all():
        shares = shares_of(db.session(), [deal.id for deal in deals])
        for deal in deals:
            ordered = sorted(shares[deal.id], key=lambda each: (-each.percent, each.payee_id))
            yield deal, [each.payee_id for each in ordered if not each.overlay]
        first += _BATCH
