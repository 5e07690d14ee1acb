"""Deals won, from a floor that the company sets."""

from collections.abc import Iterator
from decimal import Decimal, localcontext
from itertools import islice

from incentives.core.money import EXACT
from incentives.core.recognition import DEAL, is_told
from incentives.operations.wins import Asked, Named, Win
from incentives.store.activities import StoredActivity
from incentives.store.companies import the_company
from incentives.store.exchange_rates import the_rates
from incentives.store.people import names_of
from incentives.store.recognition import the_recognition
from incentives.store.won_deals import won_between


def find(asked: Asked) -> list[Win]:
    """A shared deal is told once, of all who share it and may be named."""
    found = list(islice(_told(asked), asked.limit))
    names = names_of({payee_id for _, payee_ids in found for payee_id in payee_ids})
    return [
        Win(
            key=f"{DEAL}-{deal.id}",
            kind=DEAL,
            at=deal.occurred_at or deal.received_at,
            known_at=deal.revised_at or deal.received_at,
            people=[Named(each, names[each]) for each in payee_ids if asked.curtain.names(each)],
            what=deal.attributes.get("account", ""),
            note=deal.attributes.get("product", ""),
            value=deal.amount,
            unit="money",
            currency=deal.currency,
            activity_id=deal.id,
        )
        for deal, payee_ids in found
    ]


def _told(asked: Asked) -> Iterator[tuple[StoredActivity, list[int]]]:
    curtain, floor = asked.curtain, the_recognition().deal_floor
    among = asked.among
    if not curtain.names_everybody:
        own = curtain.viewer.person_id
        among = [own] if own is not None and (among is None or own in among) else []
    hidden = [each for each in curtain.hidden if not curtain.names(each)]
    for deal, payee_ids in won_between(asked.start, asked.end, among=among, besides=hidden):
        if is_told(_worth(deal) if floor > 0 else None, floor):
            yield deal, payee_ids


def _worth(deal: StoredActivity) -> Decimal | None:
    """In the company's currency, at the rate of its day."""
    if deal.amount is None or deal.occurred_at is None:
        return None
    company = the_company()
    day = company.calendar.day_of(deal.occurred_at)
    rate = the_rates().worth(deal.currency, company.currency, day)
    with localcontext(EXACT):
        return None if rate is None else deal.amount * rate
