"""Rate people, as a table of them is filled in: all, or none. A rating is an activity, so that a
new one is a revision and the old one stays readable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from incentives.core.activity import RATING, Activity, Share
from incentives.core.activity_checks import MOST_DECIMALS
from incentives.errors import Invalid
from incentives.operations.record_activities import UNCHANGED, record_within
from incentives.queue import ask_for_refresh
from incentives.store.activities import StoredActivity
from incentives.store.audit import record
from incentives.store.companies import the_company
from incentives.store.people import Person
from incentives.store.ratings import SOURCE, RatingKey, ratings_about
from incentives.store.transaction import writing

LARGEST = Decimal(10)


@dataclass(frozen=True, slots=True)
class WantedRating:
    """A ratio: 0.8 is 80 %. None takes the rating back. `day` is where in the month it lies;
    `cell` names it in refusals."""

    key: RatingKey
    day: date
    ratio: Decimal | None
    cell: str


def give_ratings(wanted: Sequence[WantedRating], *, by: int, now: datetime) -> int:
    """Give these ratings. Returns how many changed something. The caller has checked that it is
    `by` who rates these things. Raises Invalid naming each cell."""
    problems = {each.cell: [said] for each in wanted if (said := rating_problem(each.ratio))}
    if problems:
        raise Invalid("rating", "No rating was saved. Look at the marked cells.", fields=problems)
    with writing() as session:
        known = ratings_about(each.key for each in wanted)
        statuses = [_give(session, each, known.get(each.key), by, now) for each in wanted]
    ask_for_refresh()
    return len(statuses) - statuses.count(UNCHANGED)


def rating_problem(ratio: Decimal | None) -> str:
    """What is wrong with a rating, as a sentence about per cent; empty where it can be given."""
    if ratio is None:
        return ""
    if not 0 <= ratio <= LARGEST:
        return "Write 0 to 1000 per cent."
    if ratio != ratio.quantize(Decimal(1).scaleb(-MOST_DECIMALS)):
        return "Write at most four decimals."
    return ""


def _give(
    session: Session,
    wanted: WantedRating,
    stored: StoredActivity | None,
    by: int,
    now: datetime,
) -> str:
    before = stored.quantity if stored is not None and not stored.reversed else None
    if before is None and wanted.ratio is None:
        return UNCHANGED
    payee = session.get_one(Person, wanted.key.payee_id)
    activity = _activity(wanted, payee, stored)
    (answer,) = record_within(session, [(0, activity)], now=now)
    if answer.issues:
        raise Invalid("rating", answer.issues[0].message)
    if answer.status != UNCHANGED:
        record(
            session,
            "rating given",
            f"{payee.name}, {wanted.key.item}, {wanted.key.period}",
            by=by,
            now=now,
            before=_percent(before),
            after=_percent(wanted.ratio),
        )
    return answer.status


def _activity(wanted: WantedRating, payee: Person, stored: StoredActivity | None) -> Activity:
    start = the_company().calendar.start_of(wanted.day)
    quantity = wanted.ratio
    if quantity is None:
        assert stored is not None, "only what was given can be taken back"
        quantity = stored.quantity
    return Activity(
        source=SOURCE,
        external_id=wanted.key.external_id,
        kind=RATING,
        shares=(Share(payee.code),),
        # A rating that changes keeps the moment of the first one.
        occurred_at=stored.occurred_at if stored else start,
        quantity=quantity,
        attributes={"item": wanted.key.item, "rated_by": wanted.key.rated_by},
        reversed=wanted.ratio is None,
    )


def _percent(ratio: Decimal | None) -> str | None:
    return None if ratio is None else f"{format((ratio * 100).normalize(), 'f')} %"
