"""Read what was corrected on a statement: what a line was, what it is now, and because of what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from incentives.core.posting import WITHDRAWN
from incentives.core.words import plain
from incentives.core.working import Working
from incentives.operations.line_working import by_subject, label_of
from incentives.store import ledger, plans
from incentives.store.activities import StoredActivity, activities_by_id, payees_of
from incentives.store.ledger import PostedLine


@dataclass(frozen=True, slots=True)
class Correction:
    """One posted difference. `before_minor` and `after_minor` are what was and is posted in all,
    `origin` is the period that it belongs to."""

    sequence: int
    activity_id: int | None
    component: str
    label: str
    origin: str
    posted_at: datetime
    before_minor: int
    after_minor: int
    currency: str
    because: str


def read_corrections(payee_id: int, period: str) -> tuple[Correction, ...]:
    """The corrections of a month that moved money, newest first."""
    lines = ledger.lines_of(payee_id, period, ["money"])
    corrected = {line.origin_period for line in lines if line.amends}
    histories = by_subject(ledger.lines_from(payee_id, corrected, ["money"]))
    activities = activities_by_id(
        group[0].activity_id for group in histories.values() if group[0].plan_version_id
    )
    found = [
        correction
        for group in histories.values()
        for correction in _corrections(group, period, activities)
    ]
    return tuple(sorted(found, key=lambda correction: -correction.sequence))


def _corrections(
    group: Sequence[PostedLine], period: str, activities: Mapping[int, StoredActivity]
) -> Iterator[Correction]:
    """What was posted in a month about something that had been posted before."""
    before = group[0].amount
    for earlier, line in pairwise(group):
        if line.amount and line.period == period:
            activity = activities.get(line.activity_id)
            yield Correction(
                sequence=line.sequence,
                activity_id=activity.id if activity else None,
                component=line.component.name,
                label=label_of(activity) if activity else line.component.name,
                origin=line.origin_period,
                posted_at=line.posted_at,
                before_minor=before,
                after_minor=before + line.amount,
                currency=line.currency or "",
                because=_because(earlier, line, activity),
            )
        before += line.amount


def _because(earlier: PostedLine, line: PostedLine, activity: StoredActivity | None) -> str:
    if line.reason == WITHDRAWN:
        return _why_withdrawn(line, activity)
    if line.component.contest_id is not None:
        return "The result of the contest changed."
    if earlier.steps is None:
        return "It counts again."
    was, now = earlier.working, line.working
    if _base(was) != _base(now):
        return f"{_what_was_paid_on(line)} changed from {_base(was)} to {_base(now)}."
    for name, words in _SAID.items():
        before, after = was.notes.get(name), now.notes.get(name)
        if before != after:
            return words.format(before=_words(before), after=_words(after))
    if earlier.plan_version_id != line.plan_version_id:
        return f"Version {_number(line.plan_version_id)} of the plan is in force for it."
    if [part.row for part in was.slices] != [part.row for part in now.slices]:
        return "Another deal before it changed, so it lies elsewhere in the tiers."
    return "It was calculated anew."


# What may have changed behind a line, by the name of its note, the weightiest first.
_SAID = {
    "quota": "The quota changed from {before} to {after}.",
    "exchange": "The exchange rate changed.",
    "gate": "The gate was read anew: {after}.",
    "multiplier": "The multiplier changed from {before} to {after}.",
    "reached": "What was reached changed from {before} to {after}.",
    "target": "The target changed from {before} to {after}.",
    "score": "The score changed from {before} to {after}.",
    "team_amount": "What the team earned changed.",
    "members": "The team has {after} members now, {before} before.",
    "before_budget": "The budget leaves another part for it.",
    "before_cap": "The cap leaves another part for it.",
}


def _words(said: object) -> str:
    return "none" if said is None else str(said)


def _what_was_paid_on(line: PostedLine) -> str:
    return "The credited amount" if line.activity_id else "What was paid on"


def _base(working: Working) -> str:
    """What was paid on, as text."""
    return plain(sum((part.base for part in working.slices if part.is_measured), Fraction(0)))


def _why_withdrawn(line: PostedLine, activity: StoredActivity | None) -> str:
    if line.component.contest_id is not None:
        return "The result of the contest changed."
    if activity is None:
        return "Nothing is due for the period any more."
    if activity.reversed:
        return "It was reversed."
    if line.payee_id not in payees_of(activity.id):
        return "It is credited to somebody else."
    return "It no longer counts for this component."


def _number(version_id: int | None) -> int | None:
    version = plans.plan_version(version_id) if version_id else None
    return version.number if version else None
