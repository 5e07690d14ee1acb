"""Cash received on deals, as activities say it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from incentives.core.activity import CASH
from incentives.core.cash import Cash, DealKey, deal_named
from incentives.store.activities import StoredActivity, StoredCredit
from incentives.store.parts import in_parts


@dataclass(frozen=True, slots=True)
class StoredCash:
    activity_id: int
    cash: Cash

    @property
    def deal(self) -> DealKey:
        return self.cash.deal


def cash_credited_to(session: Session, payee_ids: Collection[int]) -> Iterator[StoredCash]:
    """What was received on the deals of some payees, reversed or not, in the order of its ids."""
    seen: set[int] = set()
    for part in in_parts(payee_ids):
        is_theirs = exists().where(
            StoredCredit.activity_id == StoredActivity.id,
            StoredCredit.payee_id.in_(part),
        )
        query = (
            select(StoredActivity)
            .where(StoredActivity.kind == CASH, is_theirs)
            .order_by(StoredActivity.id)
        )
        for stored in session.scalars(query):
            if stored.id not in seen:
                seen.add(stored.id)
                yield _stored_cash(stored)


def _stored_cash(stored: StoredActivity) -> StoredCash:
    deal = deal_named(stored.kind, stored.source, stored.attributes)
    assert deal is not None, "only cash is asked for"
    assert stored.occurred_at is not None, "only an open deal has no date"
    return StoredCash(
        stored.id,
        Cash(
            deal=deal,
            amount=stored.amount or Decimal(0),
            currency=stored.currency,
            occurred_at=stored.occurred_at,
            received_at=stored.received_at,
            reversed_at=stored.reversed_at,
        ),
    )
