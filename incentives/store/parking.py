"""Payees who could not be calculated: parked with the reason, tried again alone and less and less
often, or soon after something about them has changed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import case, false, func, select, update
from sqlalchemy.orm import Session

from incentives.extensions import db
from incentives.store.markers import Marker

# After the first failure, the second, …; from the last one on always the same.
_PAUSES = [timedelta(seconds=s) for s in (5, 15, 30, 60, 120, 300, 900, 1800, 3600)]
# A try that holds the others up is not made more often than that, whatever changes.
_AT_LEAST = timedelta(seconds=15)
_NOT_AT_ALL = timedelta()


class Parked(NamedTuple):
    """Why a payee has no new figures, in words, and since when."""

    problem: str
    since: datetime | None


class Suspect(NamedTuple):
    """A payee whose last try came to nothing, and how many did in a row."""

    payee_id: int
    failures: int


def note_try(
    session: Session, payee_ids: Collection[int], now: datetime, problem: str | None = None
) -> None:
    """Count a try as failed before it is made, with what is the matter if nobody takes it back:
    then it ended its own process."""
    _note(session, payee_ids, now, failures=Marker.failures + 1, problem=problem, holds_up=True)


def park(
    session: Session, payee_ids: Collection[int], problem: str, now: datetime, *, holds_up: bool
) -> None:
    """Say why payees could not be calculated. Those who were brought up to date meanwhile are left
    alone."""
    counted = case((Marker.failures == 0, 1), else_=Marker.failures)
    _note(session, payee_ids, now, failures=counted, problem=problem[:400], holds_up=holds_up)


def _note(session: Session, payee_ids: Collection[int], now: datetime, **said: Any) -> None:
    session.execute(
        update(Marker)
        .where(Marker.payee_id.in_(payee_ids), Marker.wanted > Marker.computed)
        .values(
            tried_at=now,
            changed_since=false(),
            failing_since=func.coalesce(Marker.failing_since, now),
            **said,
        )
        .execution_options(synchronize_session=False)
    )


def parked() -> dict[int, Parked]:
    query = select(Marker.payee_id, Marker.problem, Marker.failing_since)
    rows = db.session.execute(query.where(Marker.problem.is_not(None)))
    return {payee_id: Parked(str(problem), since) for payee_id, problem, since in rows}


def parked_since(payee_id: int) -> datetime | None:
    query = select(Marker.failing_since)
    query = query.where(Marker.payee_id == payee_id, Marker.problem.is_not(None))
    return db.session.scalar(query)


def next_suspect(now: datetime) -> Suspect | None:
    """Who may be tried again by now, the one that failed least often first."""
    query = (
        select(Marker)
        .where(Marker.wanted > Marker.computed, Marker.failures > 0)
        .order_by(Marker.failures, Marker.tried_at, Marker.payee_id)
    )
    for marker in db.session.scalars(query.execution_options(populate_existing=True)):
        if not _waits(marker, now):
            return Suspect(marker.payee_id, marker.failures)
    return None


def _waits(marker: Marker, now: datetime) -> bool:
    # A try that lies ahead was noted by a clock that was wrong: nobody waits for as long as that.
    return marker.tried_at is not None and marker.tried_at <= now < marker.tried_at + _pause(marker)


def _pause(marker: Marker) -> timedelta:
    if marker.problem is None:
        return _NOT_AT_ALL
    if marker.changed_since:
        return _AT_LEAST if marker.holds_up else _NOT_AT_ALL
    return _PAUSES[min(marker.failures, len(_PAUSES)) - 1]


def forget_pause(session: Session, payee_id: int) -> None:
    """The next run tries this payee."""
    session.execute(update(Marker).where(Marker.payee_id == payee_id).values(tried_at=None))
