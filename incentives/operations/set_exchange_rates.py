"""Set what currencies are worth from a day on. A rate is never changed: a newer one supersedes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from incentives.core.calendar import Calendar
from incentives.core.exchange import Rate
from incentives.core.exchange_checks import rate_problems
from incentives.errors import Invalid
from incentives.operations.mark_behind import mark_behind
from incentives.operations.record_activities import CHANGED, CREATED, UNCHANGED
from incentives.queue import ask_for_refresh
from incentives.store.audit import record
from incentives.store.companies import the_company
from incentives.store.exchange_rates import StoredRate, payees_with, rates_in_force
from incentives.store.transaction import writing


def set_exchange_rates(
    rates: Sequence[Rate], *, by: int | None, now: datetime, via: str | None = None
) -> list[str]:
    """Set these rates, all or none. What became of each: created, changed or unchanged.

    Whoever is credited with an amount in such a currency on or after its day is calculated anew.
    Raises Invalid with fields such as "0.rate", by place in the list.
    """
    problems: dict[str, list[str]] = {}
    for place, rate in enumerate(rates):
        for field, _, message in rate_problems(rate):
            problems.setdefault(f"{place}.{field}", []).append(message)
    if problems:
        raise Invalid("exchange_rate", "No rate was set.", fields=problems)
    with writing() as session:
        statuses = _set(session, rates, by, now, via)
        news = [rate for rate, status in zip(rates, statuses, strict=True) if status != UNCHANGED]
        mark_behind(session, _concerned(session, news, the_company().calendar), now)
    if news:
        ask_for_refresh()
    return statuses


def _set(
    session: Session, rates: Sequence[Rate], by: int | None, now: datetime, via: str | None
) -> list[str]:
    in_force = rates_in_force()
    statuses = []
    for rate in rates:
        key = (rate.currency, rate.to, rate.first_day)
        before = in_force.get(key)
        in_force[key] = rate
        if before == rate:
            statuses.append(UNCHANGED)
            continue
        statuses.append(CREATED if before is None else CHANGED)
        session.add(
            StoredRate(
                currency=rate.currency,
                to_currency=rate.to,
                first_day=rate.first_day,
                rate=rate.rate,
                provider=rate.provider,
                set_by=by,
                set_at=now,
            )
        )
        record(
            session,
            "exchange rate set",
            f"{rate.currency} to {rate.to}, from {rate.first_day.isoformat()}",
            by=by,
            now=now,
            before=_said(before) if before else None,
            after=_said(rate),
            via=via,
        )
    return statuses


def _said(rate: Rate) -> dict[str, str]:
    return {"rate": format(rate.rate.normalize(), "f"), "provider": rate.provider}


def _concerned(session: Session, news: Sequence[Rate], calendar: Calendar) -> list[int]:
    """Who has amounts in these currencies on or after the first of their days."""
    since: dict[str, datetime] = {}
    for rate in news:
        start = calendar.start_of(rate.first_day)
        since[rate.currency] = min(start, since.get(rate.currency, start))
    return payees_with(session, since)
