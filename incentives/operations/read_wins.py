"""Read the latest won deals, for feeds and wall screens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from incentives.store.activities import latest_won
from incentives.store.people import names_of


@dataclass(frozen=True, slots=True)
class Win:
    """`known_at` is when we learnt of it, `occurred_at` when it happened."""

    activity_id: int
    payee_id: int
    name: str
    product: str
    account: str
    amount: Decimal | None
    currency: str | None
    occurred_at: datetime
    known_at: datetime


def read_wins(count: int, *, now: datetime) -> Sequence[Win]:
    """Newest first. A split deal is told once, of whoever has the largest share."""
    won = latest_won(count, until=now)
    names = names_of({payee_id for _, payee_id in won})
    return [
        Win(
            activity_id=activity.id,
            payee_id=payee_id,
            name=names[payee_id],
            product=activity.attributes.get("product", ""),
            account=activity.attributes.get("account", ""),
            amount=activity.amount,
            currency=activity.currency,
            occurred_at=activity.occurred_at or activity.received_at,
            known_at=activity.revised_at or activity.received_at,
        )
        for activity, payee_id in won
    ]
