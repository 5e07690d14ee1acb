"""Read what is to be rated in a month, and how it was rated: by whom, and the month before."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from incentives.core.calendar import Calendar, Period
from incentives.core.plans import version_in_force
from incentives.core.ratings import RatingItem, rating_items
from incentives.store import plans
from incentives.store.activities import StoredActivity
from incentives.store.people import Person
from incentives.store.plans import Assignment
from incentives.store.ratings import RatingKey, ratings_about


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One thing that one person is rated in. `rating` and `before` are ratios, None where none is
    given. `day` is the last one of the month, so far, that the person was on the plan. `is_mine`
    says that the reader is the one who rates it; `activity_id` leads to what was said before."""

    key: RatingKey
    day: date
    name: str
    rating: Decimal | None
    before: Decimal | None
    is_mine: bool
    activity_id: int | None


def read_ratings(
    period: Period,
    calendar: Calendar,
    *,
    payee_ids: Collection[int],
    accounts: Collection[str],
    today: date,
) -> list[RatingRow]:
    """What the plans of these payees ask to be rated in a month, by person; and whatever a plan
    asks of one of these accounts, of whomever. `accounts` are in small letters."""
    asked = {
        (payee, item): day
        for payee, item, day in _asked_for(period, today)
        if payee.id in payee_ids or item.rated_by.casefold() in accounts
    }
    earlier = calendar.before(period)
    given = ratings_about(
        RatingKey(item.name, item.rated_by, each.key, payee.id)
        for payee, item in asked
        for each in (period, earlier)
    )
    rows = []
    for (payee, item), day in asked.items():
        key = RatingKey(item.name, item.rated_by, period.key, payee.id)
        stored = given.get(key)
        rows.append(
            RatingRow(
                key=key,
                day=day,
                name=payee.name,
                rating=_ratio(stored),
                before=_ratio(given.get(replace(key, period=earlier.key))),
                is_mine=item.rated_by.casefold() in accounts,
                activity_id=stored.id if stored else None,
            )
        )
    return sorted(rows, key=lambda row: (row.name.casefold(), row.key.payee_id))


def _asked_for(period: Period, today: date) -> Iterator[tuple[Person, RatingItem, date]]:
    """By the version in force at the end of the month, or of what has begun of it."""
    for plan in plans.all_plans():
        versions = tuple(version.core for version in plan.versions)
        for assignment in plans.assignments_of_plan(plan.id):
            day = _last_day(assignment, period, today)
            version = version_in_force(versions, day) if day else None
            if day is not None and version is not None:
                for item in rating_items(version.plan):
                    yield assignment.payee, item, day


def _last_day(assignment: Assignment, period: Period, today: date) -> date | None:
    day = min(period.last_day, today)
    if assignment.end_day is not None:
        day = min(day, assignment.end_day - timedelta(days=1))
    return day if day in period and assignment.first_day <= day else None


def _ratio(given: StoredActivity | None) -> Decimal | None:
    return given.quantity if given is not None and not given.reversed else None
