"""Read what was corrected on a statement: what a line was, what it is now, and because of what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from incentives.core.posting import WITHDRAWN
from incentives.operations.read_earned import by_subject, label_of
from incentives.store import ledger, plans
from incentives.store.activities import StoredActivity, activities_by_id, payees_of
from incentives.store.ledger import PostedLine


@dataclass(frozen=True, slots=True)
class Correction:
    """One posted difference. `before_minor` and `after_minor` are what was and is posted in all."""

    sequence: int
    activity_id: int | None
    component: str
    label: str
    posted_at: datetime
    before_minor: int
    after_minor: int
    currency: str
    because: str


def read_corrections(payee_id: int, period: str) -> tuple[Correction, ...]:
    """The corrections of a month that moved money, newest first."""
    lines = ledger.lines_of(payee_id, period, ["money"])
    corrected = [group for group in by_subject(lines).values() if len(group) > 1]
    activities = activities_by_id(
        group[0].activity_id for group in corrected if group[0].plan_version_id
    )
    found = [correction for group in corrected for correction in _corrections(group, activities)]
    return tuple(sorted(found, key=lambda correction: -correction.sequence))


def _corrections(
    group: Sequence[PostedLine], activities: Mapping[int, StoredActivity]
) -> Iterator[Correction]:
    before = group[0].amount
    for earlier, line in pairwise(group):
        if line.amount == 0:
            continue
        activity = activities.get(line.activity_id)
        yield Correction(
            sequence=line.sequence,
            activity_id=activity.id if activity else None,
            component=line.component.name,
            label=label_of(activity) if activity else line.component.name,
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
    if activity is None:
        return "The result of the contest changed."
    was, now = earlier.working, line.working
    if not was:
        return "It counts again."
    if was.get("base") != now.get("base"):
        return f"The credited amount changed from {was.get('base')} to {now.get('base')}."
    if was.get("quota") != now.get("quota"):
        return f"The quota changed from {was.get('quota')} to {now.get('quota')}."
    if earlier.plan_version_id != line.plan_version_id:
        return f"Version {_number(line.plan_version_id)} of the plan is in force for it."
    if was.get("slices") != now.get("slices"):
        return "Another deal before it changed, so it lies elsewhere in the tiers."
    return "It was calculated anew."


def _why_withdrawn(line: PostedLine, activity: StoredActivity | None) -> str:
    if activity is None:
        return "The result of the contest changed."
    if activity.reversed:
        return "It was reversed."
    if line.payee_id not in payees_of(activity.id):
        return "It is credited to somebody else."
    return "It no longer counts for this component."


def _number(version_id: int | None) -> int | None:
    version = plans.plan_version(version_id) if version_id else None
    return version.number if version else None
