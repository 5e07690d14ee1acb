"""Whom cash goes to: the payees of the deal on which it was received."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from incentives.core.activity import CASH, Activity
from incentives.core.activity_checks import is_clean
from incentives.core.cash import DealKey, deal_named
from incentives.store.activities import PayeeShare, by_external_ids, shares_of


@dataclass(frozen=True, slots=True)
class KnownDeal:
    """What cash needs to know of its deal."""

    activity_id: int
    currency: str | None
    shares: frozenset[PayeeShare]


def deals_of(session: Session, activities: Sequence[Activity]) -> dict[DealKey, KnownDeal]:
    """The deals, of those that cash names, that are known."""
    ids: dict[str, list[str]] = {}
    for source, external_id in map(_deal_key, activities):
        # What cannot be an id is not asked for; it is told as a problem of the activity.
        if is_clean(source) and is_clean(external_id):
            ids.setdefault(source, []).append(external_id)
    rows = {
        (source, external_id): row
        for source in sorted(ids)
        for external_id, row in by_external_ids(session, source, ids[source]).items()
        if row.kind != CASH
    }
    shares = shares_of(session, [row.id for row in rows.values()])
    return {key: KnownDeal(row.id, row.currency, shares[row.id]) for key, row in rows.items()}


def deal_of(activity: Activity, deals: Mapping[DealKey, KnownDeal]) -> KnownDeal:
    return deals[_deal_key(activity)]


def cash_problems(
    activity: Activity, deals: Mapping[DealKey, KnownDeal]
) -> Iterator[tuple[str, str, str, str]]:
    """Why cash cannot be counted on its deal. What names no deal at all is told elsewhere."""
    source, external_id = _deal_key(activity)
    deal = deals.get((source, external_id))
    if external_id and deal is None:
        message = f"No deal {external_id[:120]} of {source[:60]} is known. Send the deal first."
        yield "attributes", "unknown_deal", message, external_id
    elif deal and deal.currency is None:
        message = "The deal has no amount, so nothing can be received on it."
        yield "attributes", "deal_without_amount", message, external_id
    elif deal and activity.currency and activity.currency != deal.currency:
        message = f"The deal is in {deal.currency}. Write what was received in {deal.currency}."
        yield "currency", "other_currency", message, activity.currency


def _deal_key(activity: Activity) -> DealKey:
    key = deal_named(activity.kind, activity.source, activity.attributes)
    assert key is not None, "only cash has a deal"
    return key
