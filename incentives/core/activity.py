"""Facts: what happened, as the engine sees it. Pure values, no storage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

WON, LOST, OPEN = "deal_won", "deal_lost", "deal_open"
# What a customer paid on a deal; its payees are those of the deal.
CASH = "cash_received"
# How somebody was judged, as a ratio; no number of the company counts it.
RATING = "rating"

# Kinds every company has; any other short name is a kind too and is counted by name.
KNOWN_KINDS = {
    WON: "Deal won",
    LOST: "Deal lost",
    OPEN: "Deal opened",
    CASH: "Cash received",
    RATING: "Rating",
    "call": "Call",
    "meeting": "Meeting",
    "demo": "Demo",
}


@dataclass(frozen=True, slots=True)
class Issue:
    """A data problem tied to where it came from; everything else goes on.

    `row` counts as the user's spreadsheet does (the header is row 1), or is the place in a list,
    beginning with 0. `message` is a sentence that says what to write instead.
    """

    row: int
    field: str
    code: str
    message: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """One payee's part of an activity, in per cent; `payee` is what the source calls the person.

    An overlay comes on top of the shares that total 100, and is left out of company totals.
    """

    payee: str
    percent: Decimal = Decimal(100)
    overlay: bool = False


@dataclass(frozen=True, slots=True)
class Activity:
    """One business event as a source tells it, identified by `(source, external_id)`.

    `amount` is in major units of `currency`. `occurred_at` is UTC; only a deal still open may have
    none. `reversed` says that the source has cancelled the event. `changed_at` is when the source
    changed it last: it tells the later of two versions, in whichever order they come in.
    """

    source: str
    external_id: str
    kind: str
    shares: tuple[Share, ...]
    occurred_at: datetime | None
    amount: Decimal | None = None
    currency: str | None = None
    quantity: Decimal = Decimal(1)
    attributes: Mapping[str, str] = field(default_factory=dict)
    reversed: bool = False
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """A payee's share of one activity.

    `amount` and `quantity` already have the share applied, exactly. Credits are taken in the order
    of `place` (semantics 14), in which a revision keeps the `received_at` of the first version.
    `reversed_at` is when its reversal came in: before the lock of its period it counts as never
    made, later it is taken back as the plan says (semantics 19).
    """

    activity_id: int
    source: str
    external_id: str
    kind: str
    occurred_at: datetime
    received_at: datetime
    amount: Decimal
    currency: str | None
    quantity: Decimal
    attributes: Mapping[str, str]
    overlay: bool = False
    reversed_at: datetime | None = None

    @property
    def place(self) -> tuple[datetime, datetime, str, str]:
        return self.occurred_at, self.received_at, self.source, self.external_id
