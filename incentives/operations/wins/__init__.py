"""Wins that make themselves: read from facts and the ledger whenever they are looked at, so that a
reversed deal is gone and a corrected one says the corrected value.

One file a kind, each with `find(asked)`: the newest wins of a window, at most so many.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from incentives.operations.feed_curtain import Curtain


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who may be named."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which wins: of [start, end), the newest `limit`; with `among` only those of these people."""

    start: datetime
    end: datetime
    limit: int
    curtain: Curtain
    among: Collection[int] | None = None

    def tells_of(self, person_id: int) -> bool:
        return self.curtain.names(person_id) and (self.among is None or person_id in self.among)


@dataclass(frozen=True, slots=True)
class Win:
    """`key` names it for good. `at` is when it happened, `known_at` when we learnt of it.

    `what` is the customer, badge, board or contest; `value` is in `currency`, or a number of
    `unit`. Never pay.
    """

    key: str
    kind: str
    at: datetime
    people: Sequence[Named]
    what: str
    known_at: datetime | None = None
    note: str = ""
    value: Decimal | None = None
    unit: str = ""
    currency: str | None = None
    activity_id: int | None = None
    slug: str = ""
