"""Won deals for the feed, newest first, each with who shares it."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import exists, select

from incentives.core.activity import WON
from incentives.extensions import db
from incentives.store.activities import StoredActivity, StoredCredit, shares_of

# Read at a time; a floor may pass over many.
_BATCH = 100
# Of more people than that, nearly every deal is one of theirs: looking at each takes less than
# naming them all.
_MOST_NAMED = 500


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
    if among is not None and len(among) <= _MOST_NAMED:
        shared = shared.where(StoredCredit.payee_id.in_(among))
    if besides:
        shared = shared.where(StoredCredit.payee_id.not_in(besides))
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
            payee_ids = [each.payee_id for each in ordered if not each.overlay]
            if among is None or any(each in among and each not in besides for each in payee_ids):
                yield deal, payee_ids
        first += _BATCH
