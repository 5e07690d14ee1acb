"""Everything a source ever said about activities, and the credits it gave at any moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from incentives.core.activity import Activity, Credit
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
    def external_ids(self) -> Mapping[int, str]:
        """Number -> the id that the source gives the activity."""
        return {number: key[1] for key, number in self._numbers.items()}

    @property
    def facts(self) -> Iterable[Fact]:
        return (fact for versions in self._versions.values() for fact in versions)

    def credits_before(self, moment: datetime) -> dict[str, list[Credit]]:
        """Payee -> credits by what was known, and had happened, before a moment.

        The newest version counts, in the place of the first; a reversed one says since when.
        """
        found: dict[str, list[Credit]] = {}
        for key, versions in self._versions.items():
            known = [fact for fact in versions if fact.received_at < moment]
            if not known:
                continue
            happened = known[-1].activity.occurred_at
            if happened is None or happened >= moment:
                continue
            for payee, credit in _credits(self._numbers[key], happened, known):
                found.setdefault(payee, []).append(credit)
        return found


def _credits(
    number: int, occurred_at: datetime, known: Sequence[Fact]
) -> Iterable[tuple[str, Credit]]:
    activity = known[-1].activity
    reversed_at = _reversed_at(known)
    for share in activity.shares:
        yield (
            share.payee,
            Credit(
                activity_id=number,
                source=activity.source,
                external_id=activity.external_id,
                kind=activity.kind,
                occurred_at=occurred_at,
                received_at=known[0].received_at,
                amount=part_of(activity.amount or Decimal(0), share.percent),
                currency=activity.currency,
                quantity=part_of(activity.quantity, share.percent),
                attributes=activity.attributes,
                overlay=share.overlay,
                reversed_at=reversed_at,
            ),
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
