"""Set what a payee should reach in a period."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from incentives.core.measures import MEASURES
from incentives.errors import Invalid
from incentives.store.audit import record
from incentives.store.companies import the_company
from incentives.store.markers import mark_stale
from incentives.store.people import Person
from incentives.store.quotas import Quota, quota


def set_quota(
    session: Session,
    payee: Person,
    measure: str,
    period: str,
    amount: Decimal | None,
    *,
    by: int | None,
    now: datetime,
) -> None:
    """Set, change or (with None) take away a quota. Unchanged, nothing happens."""
    if measure not in MEASURES or the_company().calendar.period_named(period) is None:
        raise Invalid("quota", "There is no such measure or period.")
    if amount is not None and amount < 0:
        raise Invalid("quota", "A quota is 0 or more.", fields={"amount": ["Write 0 or more."]})
    stored = quota(payee.id, measure, period)
    before = stored.amount if stored else None
    if before == amount:
        return
    if amount is None:
        session.delete(stored)
    elif stored is None:
        session.add(Quota(payee_id=payee.id, measure=measure, period=period, amount=amount))
    else:
        stored.amount = amount
    record(
        session,
        "quota set",
        f"{payee.name}, {measure}, {period}",
        by=by,
        now=now,
        before=None if before is None else format(before, "f"),
        after=None if amount is None else format(amount, "f"),
    )
    mark_stale(session, [payee.id], now)
