"""A list of activities, CSV or JSON, with every version and reversal that came in (semantics 1)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from incentives.core.activity import CASH, WON, Activity, Issue, Share
from incentives.core.activity_checks import problems
from incentives.core.calendar import Calendar
from incentives.core.history import Fact, Key
from incentives.ingest.columns import Field
from incentives.ingest.records import Record, read_records
from incentives.ingest.shares import shares_of
from incentives.ingest.values import Unclear, instant_of, number_of, truth_of

SOURCE = "file"

FIELDS = (
    Field("source", "Source", ()),
    Field("external_id", "Id", ("id", "dealid", "deal", "activityid", "activity")),
    Field("kind", "Kind", ("type",)),
    Field("payee", "Payee", ("rep", "salesrep", "agent", "owner")),
    Field("shares", "Shares", ("split", "splits")),
    Field("amount", "Amount", ("value", "revenue")),
    Field("currency", "Currency", ()),
    Field("quantity", "Quantity", ("units",)),
    Field("occurred_at", "When it happened", ("date", "day", "closedate", "closedon")),
    Field("received_at", "When it came in", ("received",)),
    Field("reversed", "Reversed", ("reversedat", "cancelled")),
    Field("attributes", "Attributes", ()),
)


def read_activities(
    content: bytes, calendar: Calendar, currency: str
) -> tuple[list[tuple[int, Fact]], list[Issue]]:
    """Every good row as a fact with its row; an id that comes again, later, is a later version.

    `currency` is that of amounts which name none. `reversed` may be the moment at which the
    reversal came in: then the row says both, the activity and its reversal. A row that says
    `reversed` and names no payee reverses the activity as the rows above it have it.
    Raises Unreadable where the file as a whole says nothing.
    """
    reading = _Reading(calendar, currency)
    issues: list[Issue] = []
    for record in read_records(content, FIELDS):
        if not record.issues:
            reading.take(record)
        issues.extend(record.issues)
    return reading.facts, issues


class _Reading:
    """The facts so far. Times without an offset are the company's."""

    def __init__(self, calendar: Calendar, currency: str) -> None:
        self.calendar = calendar
        self.currency = currency
        self.facts: list[tuple[int, Fact]] = []
        self._latest: dict[Key, tuple[int, Fact]] = {}

    def take(self, record: Record) -> None:
        """Add what a row says: a fact, or two where it tells of the reversal as well."""
        facts = self._facts(record)
        for fact in facts:
            self._check_version(record, fact)
        if not record.issues:
            self.facts.extend((record.row, fact) for fact in facts)
            self._latest.update((fact.key, (record.row, fact)) for fact in facts)

    def _facts(self, record: Record) -> list[Fact]:
        received_at = record.read("received_at", self._instant)
        reversal = record.read("reversed", self._truth_or_instant)
        key = (record.text("source") or SOURCE, record.text("external_id"))
        is_named = record.value("payee") or record.value("shares")
        if reversal and not is_named and key in self._latest:
            _, told = self._latest[key]
            moment = received_at or told.received_at if reversal is True else reversal
            return [_reversal(record, told, moment)]
        activity = self._activity(record)
        if activity is None:
            return []
        received_at = received_at or activity.occurred_at
        if received_at is None:
            record.refuse("received_at", "missing", "Say when it came in: it has no other date.")
            return []
        if isinstance(reversal, datetime):
            told = Fact(activity, received_at)
            return [told, _reversal(record, told, reversal)]
        return [Fact(replace(activity, reversed=bool(reversal)), received_at)]

    def _check_version(self, record: Record, fact: Fact) -> None:
        """Other content under an id that is known says itself when it came in."""
        row, latest = self._latest.get(fact.key, (record.row, fact))
        differs = latest.activity != replace(fact.activity, reversed=latest.activity.reversed)
        is_dated = record.text("received_at") and latest.received_at != fact.received_at
        if differs and not is_dated:
            message = (
                f"Row {row} has this id with other content. Keep one of the two, "
                "or say in received_at which of them came later."
            )
            record.refuse("external_id", "duplicate_id", message)

    def _activity(self, record: Record) -> Activity | None:
        """The activity of a row, or None with issues that say why there is none."""
        amount = record.read("amount", number_of)
        currency = record.text("currency") or self.currency
        quantity = record.read("quantity", number_of)
        shares = _shares(record)
        occurred_at = record.read("occurred_at", self._instant)
        attributes = dict(_attributes(record))
        if record.issues:
            return None
        activity = Activity(
            source=record.text("source") or SOURCE,
            external_id=record.text("external_id") or str(record.row),
            kind=record.text("kind") or WON,
            shares=shares,
            occurred_at=occurred_at,
            amount=amount,
            currency=None if amount is None else currency,
            quantity=Decimal(1) if quantity is None else quantity,
            attributes=attributes,
        )
        for field, code, message in problems(activity):
            if activity.kind == CASH and not activity.shares and field == "shares":
                # Cash is known by its deal and credits nobody.
                continue
            on_payee = field == "shares" and not record.value("shares")
            record.refuse("payee" if on_payee else field, code, message)
        return None if record.issues else activity

    def _instant(self, text: str) -> datetime:
        return instant_of(text, self.calendar)

    def _truth_or_instant(self, text: str) -> bool | datetime:
        return self._instant(text) if text[:4].isdigit() else truth_of(text)


def _reversal(record: Record, told: Fact, moment: datetime) -> Fact:
    if moment < told.received_at:
        message = "The reversal came in before the activity did. Check both times."
        record.refuse("reversed", "reversed_too_early", message)
    return Fact(replace(told.activity, reversed=True), moment)


def _shares(record: Record) -> tuple[Share, ...]:
    payee, written = record.text("payee"), record.value("shares")
    if payee and written:
        message = "Write either payee, or shares that total 100."
        record.refuse("payee", "payee_or_shares", message)
    try:
        return (Share(payee),) if payee else shares_of(written)
    except Unclear as error:
        record.refuse("shares", error.code, error.message)
        return ()


def _attributes(record: Record) -> Iterator[tuple[str, str]]:
    """The object called attributes, and every column that is in no field."""
    written = record.value("attributes")
    if not isinstance(written, dict):
        if written:
            message = "Write an object of texts, or give each attribute a column of its own."
            record.refuse("attributes", "no_object", message)
        written = {}
    for name, value in (*written.items(), *record.others()):
        if not isinstance(value, str):
            record.refuse("attributes", "no_text", f"Write one text or whole number as {name}.")
        elif name and value:
            yield name, value
