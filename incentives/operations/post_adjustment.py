"""Where an adjustment goes: the account, the pay period, and its line of the ledger."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from incentives.core.calendar import Period
from incentives.core.ledger_lines import NewLines
from incentives.core.pay_periods import MONTH
from incentives.core.plans import Agreement, Plan, canonical
from incentives.core.posting import OpenPeriods
from incentives.core.results import ADJUSTED, NO_ACTIVITY
from incentives.errors import Invalid, Refused
from incentives.store import plans
from incentives.store.adjustments import Adjustment, adjusting_component, adjustments_of
from incentives.store.companies import the_company
from incentives.store.ledger import EarningComponent
from incentives.store.line_terms import TermsSaid
from incentives.store.locks import locks_of
from incentives.store.posted import LastPosting, last_postings
from incentives.store.posting import append_postings, new_posting


class AdjustedAccount(NamedTuple):
    """With which plan's pay, None for none, in which currency and for which length of pay period
    an adjustment is paid."""

    plan_id: int | None
    currency: str
    pays: str


def account_of(payee_id: int, period: str, currency: str | None) -> AdjustedAccount:
    """That of the plan the payee was assigned to last, of those begun by the end of the period, in
    that currency; so who has left is still settled with what they owe."""
    named = the_company().calendar.period_named(period)
    begun: list[tuple[Agreement, int, Plan]] = []
    for (_, plan_id), agreed in plans.agreements_by_plan([payee_id]).items():
        for agreement in agreed:
            plan = agreement.versions[-1].plan
            in_time = named is None or agreement.first_day < named.end_day
            if in_time and currency in (None, plan.currency):
                begun.append((agreement, plan_id, plan))
    if not begun:
        return AdjustedAccount(None, currency or the_company().currency, MONTH)
    _, plan_id, plan = max(begun, key=lambda each: (each[0].first_day, each[1]))
    return AdjustedAccount(plan_id, plan.currency, plan.pays)


def account_of_adjustment(session: Session, adjustment: Adjustment) -> AdjustedAccount:
    """The one an earlier adjustment went to."""
    component = session.get(EarningComponent, adjustment.component_id)
    assert component is not None, "what was posted was earned by something"
    plan_id, pays = component.adjusts_plan_id, MONTH
    if plan_id is not None:
        pays = plans.versions_by_plan()[plan_id][-1].plan.pays
    return AdjustedAccount(plan_id, adjustment.currency, pays)


def open_pay_period(
    session: Session, key: str, name: str, account: AdjustedAccount, now: datetime
) -> Period:
    """The pay period to post in. Raises Invalid for one that is not of the account or has not
    begun, and Refused for one that is closed."""
    calendar = the_company().calendar
    today = calendar.day_of(now)
    period = calendar.period_named(key)
    current = calendar.period_of(today, account.pays).key
    if period is None or period.kind != account.pays:
        sentence = f"{name} is paid by the {account.pays}. Write one, such as {current}."
        raise Invalid("adjustment", "The adjustment was not posted.", fields={"period": [sentence]})
    if period.first_day > today:
        sentence = f"{key} has not begun. Write {current} or an earlier one that is open."
        raise Invalid("adjustment", "The adjustment was not posted.", fields={"period": [sentence]})
    periods = OpenPeriods(calendar, locks_of(session))
    if key not in periods:
        raise Refused(
            "locked",
            f"{key} is locked and closed to everyone. Post it in {periods.first_from(key)}, "
            f"and say that it is about {key}.",
        )
    return period


def post_adjustment(
    session: Session,
    payee_id: int,
    account: AdjustedAccount,
    period: Period,
    minor: int,
    said: Mapping[str, Any],
    *,
    now: datetime,
) -> int:
    """Append the line. The caller holds the payee's lock. Returns the adjustment's number."""
    number = max((each.number for each in adjustments_of(payee_id)), default=0) + 1
    component = adjusting_component(session, account.plan_id, account.currency)
    content = {"adjustment": number, **said, "at": now.astimezone(UTC).isoformat()}
    terms = TermsSaid(component.id, None, canonical(content))
    line = NewLines(
        components=[component.id],
        activity_ids=[NO_ACTIVITY],
        origins=[said.get("about") or period.key],
        aspects=[f"{ADJUSTED}-{number}"],
        amends=[0],
        periods=[period.key],
        days=[min(period.last_day, the_company().calendar.day_of(now)).isoformat()],
        amounts=[minor],
        terms=[terms.hash],
        steps=[""],
    )
    last = last_postings(session, [payee_id]).get(payee_id, LastPosting())
    append_postings(session, [new_posting(payee_id, last, line, now=now)], {terms.hash: terms})
    return number
