"""Take activities in: new, replayed or revised, each answered for itself."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from incentives.core.activity import CASH, Activity, Issue
from incentives.core.activity_checks import is_clean, problems
from incentives.core.cash import DealKey
from incentives.errors import Taken
from incentives.operations.credit_cash import cash_problems, deal_of, deals_of
from incentives.operations.mark_behind import mark_behind
from incentives.pause_points import pause_at
from incentives.queue import ask_for_refresh
from incentives.store import people
from incentives.store.activities import (
    ActivityRevision,
    PayeeShare,
    StoredActivity,
    StoredCredit,
    activities_by_id,
    by_external_ids,
    content_of,
    plain,
    shares_of,
)
from incentives.store.activity_rows import Credited, add_activities, add_credits, are_known
from incentives.store.base import to_json
from incentives.store.deal_cash import cash_credited_to
from incentives.store.transaction import once_committed, writing

CREATED, CHANGED, UNCHANGED, REJECTED = "created", "changed", "unchanged", "rejected"

TRIES = 3

# As tables, not as classes: the rows are new and many, and nobody holds them as objects.
_CREDIT, _REVISION = (
    cls.metadata.tables[cls.__tablename__] for cls in (StoredCredit, ActivityRevision)
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one activity. `id` is missing where it was rejected."""

    row: int
    status: str
    id: int | None = None
    issues: list[Issue] = field(default_factory=list)


def record_activities(
    activities: Sequence[tuple[int, Activity]], *, now: datetime, dry_run: bool = False
) -> list[Recorded]:
    """Store what is new or changed, in one transaction with the markers of everybody concerned.

    Each activity comes with its row, by which it is answered. The same content again changes
    nothing, nor does a version that is older than the one that is known; other content is a
    revision. A dry run gives the answers and stores nothing.
    """
    answers = _record_patiently(activities, now, dry_run)
    if not dry_run and any(answer.status in (CREATED, CHANGED) for answer in answers):
        once_committed(_hand_on)
    return answers


def _hand_on() -> None:
    pause_at("stored")
    ask_for_refresh()
    pause_at("enqueued")


def record_within(
    session: Session, activities: Sequence[tuple[int, Activity]], *, now: datetime
) -> list[Recorded]:
    """The same inside the caller's transaction, for a change that is audited with it. The caller
    asks for the refresh after its commit."""
    return _Intake(session, now).take(activities)


def _record_patiently(
    activities: Sequence[tuple[int, Activity]], now: datetime, dry_run: bool
) -> list[Recorded]:
    for _ in range(TRIES - 1):
        try:
            return _record(activities, now, dry_run)
        except Taken:
            # Somebody stored the same id between our look and our insert: now it is seen.
            continue
    return _record(activities, now, dry_run)


class _DryRun(Exception):
    """Ends a transaction that was never meant to last."""


def _record(
    activities: Sequence[tuple[int, Activity]], now: datetime, dry_run: bool
) -> list[Recorded]:
    answers: list[Recorded] = []
    try:
        with writing() as session:
            answers = _Intake(session, now).take(activities)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return answers


# Its place in what came in, the row by which it is answered, and what it says.
_Numbered = tuple[int, int, Activity]
# Field, code and message, and where it helps the value.
_Problem = tuple[str, str, str] | tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Sound:
    """An activity that can be stored: who shares it, and the hash of what it says."""

    index: int
    row: int
    activity: Activity
    shares: frozenset[PayeeShare]
    content_hash: str

    @property
    def key(self) -> tuple[str, str]:
        return self.activity.source, self.activity.external_id

    def is_older_than(self, before: Any) -> bool:
        """Whether its source has said something later, which has only come in sooner."""
        changed_at = self.activity.changed_at
        return None not in (changed_at, before.changed_at) and changed_at < before.changed_at


class _Intake:
    """One transaction of intake: what it answers, and whom it has touched."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self.answers: dict[int, Recorded] = {}
        self.touched: set[int] = set()

    def take(self, activities: Sequence[tuple[int, Activity]]) -> list[Recorded]:
        numbered = [(index, row, activity) for index, (row, activity) in enumerate(activities)]
        # Cash goes to the payees of its deal, which may come in beside it.
        cash = [each for each in numbered if each[2].kind == CASH]
        others = [each for each in numbered if each[2].kind != CASH]
        for part in _without_repeats(self._sound(others)):
            self._store(part)
        for part in _without_repeats(self._sound_cash(cash)):
            self._store(part)
        mark_behind(self.session, self.touched, self.now)
        return [self.answers[index] for index in range(len(activities))]

    def _sound(self, activities: Sequence[_Numbered]) -> Iterator[_Sound]:
        """The activities that can be stored; the others are answered with their issues."""
        names = {share.payee for *_, activity in activities for share in activity.shares}
        clean = [name for name in names if is_clean(name)]
        payees = people.payees_called(clean, to_credit=True)
        for index, row, activity in activities:
            if self._passes(index, row, [*problems(activity), *_payee_problems(activity, payees)]):
                shares = frozenset(
                    PayeeShare(payees[share.payee], share.percent, share.overlay)
                    for share in activity.shares
                )
                yield _Sound(index, row, activity, shares, _hash(activity, shares))

    def _sound_cash(self, activities: Sequence[_Numbered]) -> Iterator[_Sound]:
        """The same of cash, with the shares of the deals it was received on."""
        deals = deals_of(self.session, [activity for *_, activity in activities])
        for index, row, activity in activities:
            if self._passes(index, row, [*problems(activity), *cash_problems(activity, deals)]):
                shares = deal_of(activity, deals).shares
                yield _Sound(index, row, activity, shares, _hash(activity, shares))

    def _passes(self, index: int, row: int, found: Sequence[_Problem]) -> bool:
        """Whether there is nothing against an activity; otherwise it is answered."""
        if found:
            issues = [Issue(row, *problem) for problem in found]
            self.answers[index] = Recorded(row, REJECTED, issues=issues)
        return not found

    def _store(self, part: Sequence[_Sound]) -> None:
        stored = self._look_up(part)
        fresh, again, changed = [], [], []
        for sound in part:
            before = stored.get(sound.key)
            if before is None:
                fresh.append(sound)
            elif sound.is_older_than(before):
                self.answers[sound.index] = Recorded(sound.row, UNCHANGED, before.id)
            elif before.content_hash == sound.content_hash:
                again.append((sound, before))
                self.answers[sound.index] = Recorded(sound.row, UNCHANGED, before.id)
            else:
                changed.append((sound, before))
                self.answers[sound.index] = Recorded(sound.row, CHANGED, before.id)
        if fresh:
            self._insert(sorted(fresh, key=lambda sound: sound.key))
        if changed:
            self._revise(changed)
        self._date(again)

    def _date(self, again: Sequence[tuple[_Sound, Any]]) -> None:
        """That a source says the same at a later moment makes whatever it said in between old."""
        later = [
            {"id": before.id, "changed_at": self._changed_at(sound, before)}
            for sound, before in again
            if self._changed_at(sound, before) != before.changed_at
        ]
        if later:
            self.session.execute(update(StoredActivity), later)

    def _look_up(self, part: Sequence[_Sound]) -> dict[tuple[str, str], Any]:
        ids: dict[str, list[str]] = {}
        for sound in part:
            ids.setdefault(sound.activity.source, []).append(sound.activity.external_id)
        return {
            (source, external_id): row
            for source in sorted(ids)
            if are_known(self.session, source, ids[source])
            for external_id, row in by_external_ids(self.session, source, ids[source]).items()
        }

    def _insert(self, fresh: Sequence[_Sound]) -> None:
        """In the order of their keys: two intakes of the same ids never wait in a circle."""
        said = [(sound.activity, sound.content_hash) for sound in fresh]
        ids = add_activities(self.session, said, self.now)
        for sound, activity_id in zip(fresh, ids, strict=True):
            self.answers[sound.index] = Recorded(sound.row, CREATED, activity_id)
        self._credit(
            Credited(
                activity_id,
                sound.shares,
                sound.activity,
                self.now,
                self.now if sound.activity.reversed else None,
            )
            for activity_id, sound in zip(ids, fresh, strict=True)
        )

    def _revise(self, changed: Sequence[tuple[_Sound, Any]]) -> None:
        """Keep what the activities said, and say the new."""
        shares_before = shares_of(self.session, [before.id for _, before in changed])
        kept = [
            {
                "activity_id": before.id,
                "revision": before.revision,
                "content": content_of(before, shares_before[before.id]),
                "superseded_at": self.now,
            }
            for _, before in changed
        ]
        said = [
            {
                "id": before.id,
                "revision": before.revision + 1,
                "revised_at": self.now,
                "reversed_at": self._reversed_at(sound, before),
                "content_hash": sound.content_hash,
                "changed_at": self._changed_at(sound, before),
                **_content(sound.activity),
            }
            for sound, before in changed
        ]
        self.session.execute(insert(_REVISION), kept)
        self.session.execute(update(StoredActivity), said)
        for sound, before in changed:
            shares = shares_before[before.id] | sound.shares
            self.touched.update(share.payee_id for share in shares)
        moved = {
            sound.key: sound
            for sound, before in changed
            if shares_before[before.id] != sound.shares
        }
        credited = [
            Credited(
                before.id,
                sound.shares,
                sound.activity,
                before.received_at,
                self._reversed_at(sound, before),
            )
            for sound, before in changed
        ]
        credited += self._cash_on(moved)
        ids = [each.activity_id for each in credited]
        self.session.execute(delete(_CREDIT).where(_CREDIT.c.activity_id.in_(ids)))
        self._credit(credited)

    def _cash_on(self, deals: Mapping[DealKey, _Sound]) -> list[Credited]:
        """What was received on deals follows them to their new payees."""
        if not deals:
            return []
        shares = {
            cash.activity_id: deals[cash.deal].shares
            for cash in cash_credited_to(self.session, self.touched)
            if cash.deal in deals
        }
        return [
            Credited(stored.id, shares[stored.id], stored, stored.received_at, stored.reversed_at)
            for stored in activities_by_id(shares).values()
        ]

    def _reversed_at(self, sound: _Sound, before: Any) -> datetime | None:
        """When the reversal came in, also where what is reversed is revised later."""
        if not sound.activity.reversed:
            return None
        return before.reversed_at or self.now

    def _changed_at(self, sound: _Sound, before: Any) -> datetime | None:
        """The latest moment of which the source has said something. Whoever names none, such as a
        person on a page, is believed, and makes nothing old that the source says later."""
        if sound.activity.changed_at is None:
            changed_at: datetime | None = before.changed_at
            return changed_at
        return min(sound.activity.changed_at, self.now)

    def _credit(self, credited: Iterable[Credited]) -> None:
        self.touched |= add_credits(self.session, credited)


def _payee_problems(
    activity: Activity, payees: dict[str, int]
) -> Iterator[tuple[str, str, str, str]]:
    for share in activity.shares:
        if share.payee not in payees:
            message = f"Nobody who can earn is called {share.payee[:120]}."
            yield "payee", "unknown_payee", message, share.payee
    # "ana" and "ana@example.com" are two names of one person.
    named = {(share.payee, share.overlay) for share in activity.shares if share.payee in payees}
    if len({(payees[name], overlay) for name, overlay in named}) < len(named):
        yield "shares", "payee_named_twice", "Name each payee once.", ""


def _without_repeats(sound: Iterable[_Sound]) -> Iterator[list[_Sound]]:
    """Parts in which no id stands twice: what comes again revises what came before."""
    rest = list(sound)
    while rest:
        seen: set[tuple[str, str]] = set()
        part: list[_Sound] = []
        again: list[_Sound] = []
        for each in rest:
            (again if each.key in seen else part).append(each)
            seen.add(each.key)
        yield part
        rest = again


def _hash(activity: Activity, shares: frozenset[PayeeShare]) -> str:
    """Of what an activity says, with the people found: another spelling is no revision."""
    ordered = sorted(shares, key=lambda share: (share.payee_id, share.overlay))
    said = {
        **_content(activity),
        "occurred_at": plain(activity.occurred_at),
        "amount": plain(activity.amount),
        "quantity": plain(activity.quantity),
        "shares": [
            [share.payee_id, plain(share.percent), *(["overlay"] if share.overlay else [])]
            for share in ordered
        ],
    }
    return hashlib.sha256(to_json(said).encode()).hexdigest()


def _content(activity: Activity) -> dict[str, Any]:
    return {
        "kind": activity.kind,
        "occurred_at": activity.occurred_at,
        "amount": activity.amount,
        "currency": activity.currency,
        "quantity": activity.quantity,
        "attributes": dict(activity.attributes),
        "reversed": activity.reversed,
    }
