"""Bring a payee's ledger to what it should be: post target − posted (semantics 23)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from incentives.store.ledger import Draft, Held, Subject, append_lines, held_by

EARNED, RECALCULATED, WITHDRAWN = "earned", "recalculated", "withdrawn"


@dataclass(frozen=True, slots=True)
class Target:
    """What a payee should have about one subject, with the working that explains it."""

    amount: int
    yields: str
    currency: str | None
    day: date
    plan_version_id: int | None
    working: Mapping[str, Any]


def post_lines(
    session: Session,
    payee_id: int,
    component_ids: Collection[int],
    targets: Mapping[Subject, Target],
    *,
    now: datetime,
) -> int:
    """Post what is missing to reach the targets, within these components. Returns how many lines.

    A subject without a target is taken back to nothing. The caller holds the payee's lock.
    """
    drafts = missing_lines(targets, held_by(session, payee_id, component_ids))
    append_lines(session, payee_id, drafts, now=now)
    return len(drafts)


def missing_lines(
    targets: Mapping[Subject, Target], held: Mapping[Subject, Held]
) -> Sequence[Draft]:
    """The lines that lead from what is held to the targets, in a fixed order."""
    drafts = []
    for subject in sorted(targets.keys() | held.keys(), key=_order):
        draft = _missing(subject, targets.get(subject), held.get(subject))
        if draft is not None:
            drafts.append(draft)
    return drafts


def _order(subject: Subject) -> tuple[str, int, int]:
    return subject.origin_period, subject.activity_id, subject.component_id


def _missing(subject: Subject, target: Target | None, held: Held | None) -> Draft | None:
    """The line that leads from what is held to the target; None where nothing differs.

    Where only the day or the working differs, a line over nothing keeps the explanation true.
    """
    if target is None:
        assert held is not None, "a subject is either wanted or held"
        if held.amount == 0 and not held.working:
            return None
        target = Target(0, held.yields, held.currency, held.day, held.plan_version_id, {})
    elif held is not None:
        assert held.currency == target.currency, "a plan keeps its currency"
        if (held.amount, held.day, held.plan_version_id, held.working) == (
            target.amount,
            target.day,
            target.plan_version_id,
            target.working,
        ):
            return None
    return Draft(
        subject=subject,
        entry=held.entry + 1 if held else 1,
        day=target.day,
        yields=target.yields,
        amount=target.amount - (held.amount if held else 0),
        currency=target.currency,
        plan_version_id=target.plan_version_id,
        working=dict(target.working),
        reason=_reason(target, held),
        amends=held.sequence if held else None,
    )


def _reason(target: Target, held: Held | None) -> str:
    if held is None:
        return EARNED
    return RECALCULATED if target.working else WITHDRAWN
