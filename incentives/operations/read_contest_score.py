"""What made one entrant's score in a contest: each activity with what it gave."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from incentives.errors import NotFound
from incentives.operations.contest_rows import ContestRow
from incentives.operations.contest_standings import days_of, the_field, what_counts
from incentives.operations.read_contest import ContestReading, read_contest
from incentives.store.activities import StoredActivity, activities_by_id


@dataclass(frozen=True, slots=True)
class Counted:
    """`counts` goes into the upper part of the KPI, `over` into the lower part of a ratio."""

    activity: StoredActivity
    day: date
    counts: Decimal | None
    over: Decimal | None


@dataclass(frozen=True, slots=True)
class ContestScore:
    reading: ContestReading
    row: ContestRow
    counted: list[Counted]


def read_contest_score(slug: str, payee_id: int, *, now: datetime) -> ContestScore:
    """The activities behind a score, the newest first. Raises NotFound for who is not in it."""
    reading = read_contest(slug, now=now)
    row = reading.row_of(payee_id)
    if row is None:
        raise NotFound("Nobody of that name is in this contest.")
    contest, kpi = reading.contest, reading.kpi
    days = days_of(contest.starts_at, contest.ends_at, reading.company.calendar)
    entered = the_field([team.id for team in contest.teams], days)
    scored = what_counts(
        kpi,
        entered,
        contest.starts_at,
        min(now, contest.ends_at, contest.cancelled_at or contest.ends_at),
        received_before=contest.settles_at,
        company=reading.company,
        only=payee_id,
    )
    found = activities_by_id(item.activity_id for item in scored)
    counted = [
        Counted(
            found[item.activity_id],
            item.day,
            item.values.get(kpi.counts),
            item.values.get(kpi.over) if kpi.over else None,
        )
        for item in sorted(scored, key=lambda item: item.occurred_at, reverse=True)
    ]
    return ContestScore(reading, row, counted)
