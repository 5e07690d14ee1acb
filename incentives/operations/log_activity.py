"""Log by hand what happened: a won deal, a call, a meeting, a demo."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from incentives.core.activity import KNOWN_KINDS, WON, Activity, Share
from incentives.errors import Invalid, Refused, Taken
from incentives.ingest.values import Unclear, amount_of, instant_of
from incentives.operations.record_activities import UNCHANGED, record_within
from incentives.queue import ask_for_refresh
from incentives.store import people
from incentives.store.activity_search import ids_there
from incentives.store.audit import record
from incentives.store.companies import Company, the_company
from incentives.store.products import all_products
from incentives.store.transaction import writing

SOURCE = "page"
KINDS = (WON, "call", "meeting", "demo")

_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """What somebody typed, as they typed it. `token` belongs to one form: sent twice, it logs once.

    `day` is 2026-11-18 and `time` 14:30, both in the company's zone.
    """

    token: str
    payee_id: int
    kind: str
    day: str
    time: str
    amount: str = ""
    product: str = ""
    account: str = ""


def id_of(entry: LogEntry, by: int) -> str:
    """The id begins with the person who logs: by it one knows whose entry it is."""
    return f"{by}-{entry.token}"


def is_logged_by(source: str, external_id: str, person_id: int) -> bool:
    return source == SOURCE and external_id.startswith(f"{person_id}-")


def log_activity(entry: LogEntry, *, by: int, now: datetime) -> int:
    """Record an entry. Returns the activity's id. The caller has checked that `by` may log for the
    payee. Raises Invalid naming each field, or Refused where the form was used for another entry.
    """
    activity = _checked(entry, by, now)
    try:
        activity_id = _store(activity, by, now)
    except Taken:
        # The same form was stored between our look and our insert: now it is seen.
        activity_id = _store(activity, by, now)
    ask_for_refresh()
    return activity_id


def _store(activity: Activity, by: int, now: datetime) -> int:
    with writing() as session:
        known = bool(ids_there(SOURCE, [activity.external_id]))
        answer = record_within(session, [(0, activity)], now=now)[0]
        if answer.issues:
            fields = {issue.field: [issue.message] for issue in answer.issues}
            raise Invalid("activity", "The activity was not saved.", fields=fields)
        if known and answer.status != UNCHANGED:
            raise Refused(
                "form_used", "This form was already used. Load the page again for another entry."
            )
        if not known:
            after = {"kind": activity.kind, "payee": activity.shares[0].payee}
            record(session, "activity logged", activity.external_id, by=by, now=now, after=after)
    assert answer.id is not None, "what has no issues is stored"
    return answer.id


def _checked(entry: LogEntry, by: int, now: datetime) -> Activity:
    company = the_company()
    problems: dict[str, list[str]] = {}
    payee = people.person(entry.payee_id)
    if payee is None or not payee.is_payee:
        problems["payee_id"] = ["Choose the person who did it."]
    if entry.kind not in KINDS:
        kinds = ", ".join(KNOWN_KINDS[kind].lower() for kind in KINDS)
        problems["kind"] = [f"Choose one of {kinds}."]
    amount = _amount(entry, problems)
    occurred_at = _instant(entry, company, now, problems)
    products = [product.name for product in all_products()]
    if entry.product and products and entry.product not in products:
        problems["product"] = ["Choose a product of the catalogue."]
    if not _TOKEN.fullmatch(entry.token):
        problems["token"] = ["The form was not complete. Load the page again."]
    if problems or payee is None:
        raise Invalid("activity", "The activity was not saved.", fields=problems)
    return Activity(
        source=SOURCE,
        external_id=id_of(entry, by),
        kind=entry.kind,
        shares=(Share(payee.code),),
        occurred_at=occurred_at,
        amount=amount,
        currency=None if amount is None else company.currency,
        attributes=_attributes(entry),
    )


def _amount(entry: LogEntry, problems: dict[str, list[str]]) -> Decimal | None:
    if entry.kind != WON:
        if entry.amount:
            problems["amount"] = ["Only a won deal has an amount. Leave it empty."]
        return None
    try:
        return amount_of(entry.amount)
    except Unclear as error:
        missing = "Write what the deal was won for, such as 1054.00."
        problems["amount"] = [error.message if entry.amount else missing]
        return None


def _instant(
    entry: LogEntry, company: Company, now: datetime, problems: dict[str, list[str]]
) -> datetime | None:
    if not re.fullmatch(r"[0-9]{2}:[0-9]{2}", entry.time):
        problems["time"] = ["Write hours and minutes, such as 14:30."]
        return None
    try:
        found = instant_of(f"{entry.day}T{entry.time}", company.calendar)
    except Unclear:
        problems["day"] = ["Write year-month-day, such as 2026-11-18, and a time of that day."]
        return None
    if found > now:
        problems["time"] = ["That is still to come. Write a day and a time that have passed."]
    return found


def _attributes(entry: LogEntry) -> Mapping[str, str]:
    texts = {"product": entry.product, "account": " ".join(entry.account.split())}
    return {name: text for name, text in texts.items() if text}
