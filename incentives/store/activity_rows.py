"""Activities and credits on their way in, straight to the driver: they come by the thousand."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import chain

from sqlalchemy.orm import Session

from incentives.core.activity import Activity
from incentives.core.columns import as_micros
from incentives.store.activities import NO_DATE, PayeeShare, StoredActivity
from incentives.store.base import to_json, to_millionths
from incentives.store.driver import Driver, Row
from incentives.store.parts import in_parts

# So many of them are bound in one statement by every database.
_AT_ONCE = 500

_ACTIVITY = (
    "source",
    "external_id",
    "revision",
    "kind",
    "occurred_at",
    "received_at",
    "amount",
    "currency",
    "quantity",
    "attributes",
    "reversed",
    "reversed_at",
    "content_hash",
    "changed_at",
)
_CREDIT = (
    "payee_id",
    "occurred_micros",
    "received_micros",
    "source",
    "external_id",
    "overlay",
    "activity_id",
    "reversed_micros",
    "kind",
    "amount",
    "currency",
    "quantity",
    "percent",
    "attributes",
)


@dataclass(frozen=True, slots=True)
class Credited:
    """An activity, stored by now, with its shares: what its credits are made of."""

    activity_id: int
    shares: frozenset[PayeeShare]
    said: Activity | StoredActivity
    received_at: datetime
    reversed_at: datetime | None


def are_known(session: Session, source: str, external_ids: Collection[str]) -> bool:
    """Whether anything is stored under one of these ids."""
    driver = Driver(session)
    one = "SELECT 1 FROM activity WHERE external_id IN :ids AND source = ? LIMIT 1"
    return any(driver.rows(one, source, ids=part) for part in in_parts(external_ids))


def add_activities(
    session: Session, activities: Sequence[tuple[Activity, str]], now: datetime
) -> list[int]:
    """Store new ones, each with the hash of what it says; their ids, in the same order."""
    driver = Driver(session)
    rows = [_activity(driver, activity, content_hash, now) for activity, content_hash in activities]
    ids = {}
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        marks = ", ".join([f"({', '.join('?' * len(_ACTIVITY))})"] * len(some))
        statement = (
            f"INSERT INTO activity ({', '.join(_ACTIVITY)}) VALUES {marks} "  # noqa: S608  ours alone
            "RETURNING id, source, external_id"
        )
        # The database returns them in whichever order.
        for activity_id, *key in driver.rows(statement, *chain.from_iterable(some)):
            ids[tuple(key)] = activity_id
    return [ids[activity.source, activity.external_id] for activity, _ in activities]


def add_credits(session: Session, credited: Iterable[Credited]) -> set[int]:
    """Store the credits of activities; whose they are."""
    rows = [row for each in credited for row in _credits(each)]
    Driver(session).append("credit", _CREDIT, rows)
    return {row[0] for row in rows}


def _activity(driver: Driver, activity: Activity, content_hash: str, now: datetime) -> Row:
    return (
        activity.source,
        activity.external_id,
        1,
        activity.kind,
        driver.instant(activity.occurred_at) if activity.occurred_at else None,
        driver.instant(now),
        _stored(activity.amount),
        activity.currency,
        to_millionths(activity.quantity),
        to_json(dict(activity.attributes)),
        activity.reversed,
        driver.instant(now) if activity.reversed else None,
        content_hash,
        # A source whose clock is ahead has said it when it came in: nothing later would ever count.
        driver.instant(min(activity.changed_at, now)) if activity.changed_at else None,
    )


def _credits(credited: Credited) -> Iterable[Row]:
    said, reversed_at = credited.said, credited.reversed_at
    for share in credited.shares:
        yield (
            share.payee_id,
            as_micros(said.occurred_at) if said.occurred_at else NO_DATE,
            as_micros(credited.received_at),
            said.source,
            said.external_id,
            share.overlay,
            credited.activity_id,
            as_micros(reversed_at) if reversed_at else None,
            said.kind,
            _stored(said.amount),
            said.currency,
            to_millionths(said.quantity),
            to_millionths(share.percent),
            to_json(dict(said.attributes)),
        )


def _stored(value: Decimal | None) -> int | None:
    return None if value is None else to_millionths(value)
