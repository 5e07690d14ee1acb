"""Take activities in: new, replayed or revised, each answered for itself."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from incentives.core.activity import Activity, Issue
from incentives.core.activity_checks import problems
from incentives.queue import ask_for_refresh
from incentives.store import people
from incentives.store.activities import (
    ActivityRevision,
    StoredActivity,
    StoredCredit,
    by_external_ids,
    payees_of,
)
from incentives.store.base import to_json
from incentives.store.markers import mark_stale
from incentives.store.transaction import writing

CREATED, CHANGED, UNCHANGED, REJECTED = "created", "changed", "unchanged", "rejected"


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
    nothing; other content is a revision. A dry run gives the answers and stores nothing.
    """
    try:
        answers = _record(activities, now, dry_run)
    except IntegrityError:
        # Somebody stored the same id between our look and our insert: now it is seen.
        answers = _record(activities, now, dry_run)
    if not dry_run and any(answer.status in (CREATED, CHANGED) for answer in answers):
        ask_for_refresh()
    return answers


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


class _Intake:
    """One transaction of intake: what it has looked up, and whom it has touched."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self.touched: set[int] = set()

    def take(self, activities: Sequence[tuple[int, Activity]]) -> list[Recorded]:
        self.payees = people.payees_called(
            {share.payee for _, activity in activities for share in activity.shares}
        )
        self.stored = self._look_up([activity for _, activity in activities])
        answers: dict[int, Recorded] = {}
        fresh: dict[tuple[str, str], tuple[int, Activity]] = {}
        again: list[tuple[int, int, Activity]] = []
        for index, (row, activity) in enumerate(activities):
            issues = self._issues(row, activity)
            key = activity.source, activity.external_id
            if issues:
                answers[index] = Recorded(row, REJECTED, issues=issues)
            elif key in self.stored or key in fresh:
                again.append((index, row, activity))
            else:
                fresh[key] = index, activity
        ids = self._insert([activity for _, activity in fresh.values()])
        for (index, _), activity_id in zip(fresh.values(), ids, strict=True):
            answers[index] = Recorded(activities[index][0], CREATED, activity_id)
        # An id that is new here and stands twice in the list is created first, then revised.
        if again and fresh:
            self.stored = self._look_up([activity for _, _, activity in again])
        for index, row, activity in again:
            answers[index] = self._revise(row, activity)
        mark_stale(self.session, self.touched, self.now)
        return [answers[index] for index in range(len(activities))]

    def _look_up(self, activities: Sequence[Activity]) -> dict[tuple[str, str], StoredActivity]:
        ids: dict[str, set[str]] = {}
        for activity in activities:
            ids.setdefault(activity.source, set()).add(activity.external_id)
        return {
            (source, external_id): row
            for source, wanted in ids.items()
            for external_id, row in by_external_ids(self.session, source, sorted(wanted)).items()
        }

    def _issues(self, row: int, activity: Activity) -> list[Issue]:
        issues = [Issue(row, name, code, message) for name, code, message in problems(activity)]
        for share in activity.shares:
            if share.payee not in self.payees:
                message = f"Nobody who can earn is called {share.payee}."
                issues.append(Issue(row, "payee", "unknown_payee", message, share.payee))
        return issues

    def _insert(self, activities: Sequence[Activity]) -> list[int]:
        if not activities:
            return []
        rows = [
            {
                "source": activity.source,
                "external_id": activity.external_id,
                "received_at": self.now,
                **_content(activity),
                "content_hash": self._hash(activity),
            }
            for activity in activities
        ]
        ids = list(
            self.session.scalars(
                insert(StoredActivity).returning(StoredActivity.id, sort_by_parameter_order=True),
                rows,
            )
        )
        self._credit(zip(ids, activities, strict=True))
        return ids

    def _credit(self, pairs: Any) -> None:
        credits = [
            {
                "payee_id": self.payees[share.payee],
                "activity_id": activity_id,
                "percent": share.percent,
            }
            for activity_id, activity in pairs
            for share in activity.shares
        ]
        self.touched.update(credit["payee_id"] for credit in credits)
        self.session.execute(insert(StoredCredit), credits)

    def _revise(self, row: int, activity: Activity) -> Recorded:
        stored = self.stored[activity.source, activity.external_id]
        content_hash = self._hash(activity)
        if stored.content_hash == content_hash:
            return Recorded(row, UNCHANGED, stored.id)
        before = payees_of(stored.id)
        self.touched.update(before)
        self.session.add(
            ActivityRevision(
                activity_id=stored.id,
                revision=stored.revision,
                content=_readable(stored, before),
                superseded_at=self.now,
            )
        )
        for name, value in _content(activity).items():
            setattr(stored, name, value)
        stored.revision += 1
        stored.revised_at = self.now
        stored.content_hash = content_hash
        self.session.execute(delete(StoredCredit).where(StoredCredit.activity_id == stored.id))
        self.session.flush()
        self._credit([(stored.id, activity)])
        return Recorded(row, CHANGED, stored.id)

    def _hash(self, activity: Activity) -> str:
        """Of what an activity says, with the people found: another spelling is no revision."""
        shares = sorted(
            (self.payees[s.payee], format(s.percent.normalize(), "f")) for s in activity.shares
        )
        content = _content(activity)
        said = {
            **content,
            "occurred_at": _text(content["occurred_at"]),
            "amount": _text(content["amount"]),
            "quantity": _text(content["quantity"]),
            "shares": shares,
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


def _readable(stored: StoredActivity, shares: dict[int, Any]) -> dict[str, Any]:
    return {
        "kind": stored.kind,
        "occurred_at": _text(stored.occurred_at),
        "amount": _text(stored.amount),
        "currency": stored.currency,
        "quantity": _text(stored.quantity),
        "attributes": stored.attributes,
        "reversed": stored.reversed,
        "shares": {str(payee): _text(percent) for payee, percent in sorted(shares.items())},
    }


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return format(value.normalize(), "f")
