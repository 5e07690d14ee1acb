"""How activities are written on pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import url_for

from incentives.core.activity import KNOWN_KINDS, RATING
from incentives.core.results import MONEY, POINTS
from incentives.operations.read_activity import ActivityLine, ActivityReading, Revision
from incentives.operations.reverse_activity import REASON
from incentives.store.activities import StoredActivity
from incentives.store.companies import the_company
from incentives.web import formats

_SOURCES = {"crm": "CRM", "page": "Logged by hand"}
_FIELDS = {
    "occurred_at": "happened",
    "opened_on": "engaged on",
    "days_to_close": "days to close",
    "rated_by": "rated by",
    REASON: "reason",
}


@dataclass(frozen=True, slots=True)
class ListRow:
    url: str
    external_id: str
    at: str
    kind: str
    product: str
    account: str
    people: str
    amount: str
    reversed: bool


@dataclass(frozen=True, slots=True)
class CreditRow:
    name: str
    overlay: bool
    share: str
    amount: str


@dataclass(frozen=True, slots=True)
class LineRow:
    name: str
    component: str
    amount: str
    url: str | None
    period: str
    reason: str
    posted_at: str


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """`changes` are (what, was, is)."""

    title: str
    changes: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class ActivityView:
    id: int
    title: str
    subtitle: str
    amount: str
    reversed: bool
    reason: str
    facts: list[tuple[str, str]]
    credits: list[CreditRow]
    lines: list[LineRow]
    revisions: list[RevisionRow]
    hides_pay: bool


def list_row(activity: StoredActivity, payees: Sequence[tuple[str, bool]]) -> ListRow:
    """`payees` are (name, overlay)."""
    said = activity.attributes
    return ListRow(
        url=url_for("activities.show", activity_id=activity.id),
        external_id=activity.external_id,
        at=_at(activity.occurred_at),
        kind=KNOWN_KINDS.get(activity.kind, activity.kind),
        product=said.get("product", ""),
        account=said.get("account", ""),
        people=", ".join(f"{name} (overlay)" if overlay else name for name, overlay in payees),
        amount=_amount(activity.amount, activity.currency),
        reversed=activity.reversed,
    )


def activity_view(reading: ActivityReading) -> ActivityView:
    activity = reading.activity
    kind = KNOWN_KINDS.get(activity.kind, activity.kind)
    about = [activity.attributes.get(name) for name in ("product", "account")]
    return ActivityView(
        id=activity.id,
        title=", ".join(part for part in [kind, *about[:1]] if part),
        subtitle=", ".join(part for part in [about[1], _at(activity.occurred_at)] if part),
        amount=_amount(activity.amount, activity.currency),
        reversed=activity.reversed,
        reason=activity.attributes.get(REASON, ""),
        facts=_facts(activity, kind),
        credits=[
            CreditRow(
                credit.name,
                credit.overlay,
                f"{credit.percent.normalize():f}{formats.THIN}%",
                _amount(credit.amount, activity.currency),
            )
            for credit in reading.credits
        ],
        lines=[_line(each) for each in reading.lines],
        revisions=[_revision(each, activity.kind) for each in reversed(reading.revisions)],
        hides_pay=reading.hides_pay,
    )


def _facts(activity: StoredActivity, kind: str) -> list[tuple[str, str]]:
    facts = [
        ("What", kind),
        ("Happened", _at(activity.occurred_at)),
        _measured(activity),
        *(
            (_FIELDS.get(name, name).capitalize(), text)
            for name, text in activity.attributes.items()
            if name != REASON
        ),
        ("Source", _SOURCES.get(activity.source, activity.source)),
        ("Id there", activity.external_id),
        ("Received", _at(activity.received_at)),
        ("Revision", str(activity.revision)),
    ]
    if activity.quantity != 1 and activity.kind != RATING:
        facts.insert(3, ("Quantity", f"{activity.quantity:f}"))
    return facts


def _measured(activity: StoredActivity) -> tuple[str, str]:
    if activity.kind == RATING:
        return "Rating", formats.rate(activity.quantity)
    return "Amount", _amount(activity.amount, activity.currency)


def _line(each: ActivityLine) -> LineRow:
    line, url = each.line, None
    if line.yields == MONEY:
        amount = formats.money(line.amount, line.currency or "")
        url = url_for("earnings.show", code=each.code, period=line.period)
    else:
        unit = "points" if line.yields == POINTS else "badge"
        amount = f"{formats.number(line.amount)} {unit}"
    return LineRow(
        name=each.name,
        component=line.component.name,
        amount=amount,
        url=url,
        period=line.period,
        reason=line.reason,
        posted_at=_at(line.posted_at),
    )


def _revision(revision: Revision, kind: str) -> RevisionRow:
    changes = [
        (_words(c.field, kind), _said(c.field, c.before, kind), _said(c.field, c.after, kind))
        for c in revision.changes
    ]
    return RevisionRow(f"Revision {revision.number}, {_at(revision.at)}", changes)


def _words(field: str, kind: str) -> str:
    if field == "quantity" and kind == RATING:
        return "rating"
    return _FIELDS.get(field, field)


def _said(field: str, text: str | None, kind: str) -> str:
    if text is None:
        return "nothing"
    if field == "quantity" and kind == RATING:
        return formats.rate(Decimal(text))
    if field == "kind":
        return KNOWN_KINDS.get(text, text)
    return _at(datetime.fromisoformat(text)) if field == "occurred_at" else text


def _zone() -> ZoneInfo:
    return the_company().calendar.zone


def _at(instant: datetime | None) -> str:
    """With the time of day where it is told."""
    if instant is None:
        return "No date yet"
    local = instant.astimezone(_zone())
    return formats.at(local, _zone()) if formats.time_told(local) else formats.day(local.date())


def _amount(amount: Decimal | None, currency: str | None) -> str:
    if amount is None:
        return formats.NONE
    decimals = 0 if amount == amount.to_integral_value() else 2
    return f"{formats.number(amount, decimals)} {currency}"
