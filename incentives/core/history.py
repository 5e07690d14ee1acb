"""Everything a source ever said about activities, and the credits it gave at any moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain

from incentives.core.activity import Activity, Credit
from incentives.core.cash import Cash, DealKey, deal_named
from incentives.core.crediting import part_of

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a source said about one activity, and when we learnt of it (semantics 2)."""

    activity: Activity
    received_at: datetime

    @property
    def key(self) -> Key:
        return self.activity.source, self.activity.external_id


@dataclass(frozen=True, slots=True)
class Known:
    """An activity as it was known at some moment.

    It is in the place of its first version, which came in at `received_at`; `reversed_at` is when
    the reversal that still holds came in.
    """

    number: int
    activity: Activity
    occurred_at: datetime
    received_at: datetime
    reversed_at: datetime | None

    @property
    def key(self) -> Key:
        return self.activity.source, self.activity.external_id

    def credits(self) -> Iterator[tuple[str, Credit]]:
        """What it gives each payee."""
        activity = self.activity
        for share in activity.shares:
            yield (
                share.payee,
                Credit(
                    activity_id=self.number,
                    source=activity.source,
                    external_id=activity.external_id,
                    kind=activity.kind,
                    occurred_at=self.occurred_at,
                    received_at=self.received_at,
                    amount=part_of(activity.amount or Decimal(0), share.percent),
                    currency=activity.currency,
                    quantity=part_of(activity.quantity, share.percent),
                    attributes=activity.attributes,
                    overlay=share.overlay,
                    reversed_at=self.reversed_at,
                ),
            )

    def cash(self) -> tuple[DealKey, Cash] | None:
        """The deal that cash was received on, and the cash; None for other activities."""
        activity = self.activity
        deal = deal_named(activity.kind, activity.source, activity.attributes)
        if deal is None:
            return None
        return deal, Cash(
            deal=deal,
            amount=activity.amount or Decimal(0),
            currency=activity.currency,
            occurred_at=self.occurred_at,
            received_at=self.received_at,
            reversed_at=self.reversed_at,
        )


class History:
    """Facts by the activity that they are about, each a later version of the one before.

    Activities are numbered from 1 as they first come up, so a number means the same activity at
    every moment that is asked about.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._versions: dict[Key, list[Fact]] = {}
        for fact in facts:
            self._versions.setdefault(fact.key, []).append(fact)
        for versions in self._versions.values():
            # Of two that came in at one moment, the one that is told later counts.
            versions.sort(key=lambda fact: fact.received_at)
        self._numbers = {key: number for number, key in enumerate(self._versions, start=1)}

    @property
    def facts(self) -> Iterator[Fact]:
        return chain.from_iterable(self._versions.values())

    @property
    def external_ids(self) -> Mapping[int, str]:
        """Number -> the id that the source gives the activity."""
        return {number: external_id for (_, external_id), number in self._numbers.items()}

    def known_before(self, moment: datetime) -> Iterator[Known]:
        """What was known, and had happened, before a moment; the newest version counts."""
        for key, versions in self._versions.items():
            known = [fact for fact in versions if fact.received_at < moment]
            happened = known[-1].activity.occurred_at if known else None
            if happened is not None and happened < moment:
                yield Known(
                    number=self._numbers[key],
                    activity=known[-1].activity,
                    occurred_at=happened,
                    received_at=known[0].received_at,
                    reversed_at=_reversed_at(known),
                )


def _reversed_at(known: Sequence[Fact]) -> datetime | None:
    """When the reversal that still holds came in."""
    since = None
    for fact in known:
        if not fact.activity.reversed:
            since = None
        elif since is None:
            since = fact.received_at
    return since
