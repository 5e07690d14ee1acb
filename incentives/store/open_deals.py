"""Deals that are still open, and since when."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from incentives.core.activity import OPEN
from incentives.extensions import db
from incentives.store.activities import StoredActivity, StoredCredit


def open_deals_of(payee_ids: Collection[int]) -> list[tuple[int, datetime | None]]:
    """(payee, opened at) of each open deal; None where the source gives no date. Deals of which
    somebody has only an overlay are others' deals."""
    query = (
        select(StoredCredit.payee_id, StoredActivity.occurred_at)
        .join(StoredActivity, StoredActivity.id == StoredCredit.activity_id)
        .where(StoredCredit.payee_id.in_(payee_ids), StoredCredit.overlay.is_(False))
        .where(StoredActivity.kind == OPEN, StoredActivity.reversed.is_(False))
    )
    return [(row.payee_id, row.occurred_at) for row in db.session.execute(query)]
