"""Read what was corrected on a statement: what a line was, what it is now, and because of what."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from incentives.core.posting import LATE
from incentives.operations.correction_causes import why_changed, why_late
from incentives.operations.line_working import by_subject, label_of
from incentives.store import ledger
from incentives.store.activities import StoredActivity, activities_by_id
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


def read_corrections(payee_id: int, periods: Collection[str]) -> tuple[Correction, ...]:
    """The corrections posted in some pay periods that moved money, newest first."""
    lines = ledger.lines_of(payee_id, periods, ["money"])
    corrected = {line.origin_period for line in lines if line.amends or line.reason == LATE}
    histories = by_subject(ledger.lines_from(payee_id, corrected, ["money"]))
    activities = activities_by_id(
        group[0].activity_id for group in histories.values() if group[0].plan_version_id
    )
    found = [
        correction
        for group in histories.values()
        for correction in _corrections(group, periods, activities)
    ]
    return tuple(sorted(found, key=lambda correction: -correction.sequence))


def _corrections(
    group: Sequence[PostedLine],
    periods: Collection[str],
    activities: Mapping[int, StoredActivity],
) -> Iterator[Correction]:
    """What was posted in them about something that had been posted before, or that belongs
    to a locked period."""
    before = 0
    earlier: PostedLine | None = None
    for line in group:
        if line.amount and line.period in periods and (earlier or line.reason == LATE):
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
                because=why_changed(earlier, line, activity) if earlier else why_late(line),
            )
        before += line.amount
        earlier = line
