"""Which pay periods are locked, and since when (semantics 24). Nothing unlocks them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from incentives.extensions import db
from incentives.store.base import Base, UTCDateTime
from incentives.store.driver import Driver, as_instant
from incentives.store.people import Person

# The lock of PostgreSQL that postings share, and locking a period has to itself.
_POSTING_AND_LOCKING = 7_240_024


class PeriodLock(Base):
    """A pay period by its key. `locked_by` is None where it was locked by the command line or a
    program."""

    __tablename__ = "period_lock"

    period: Mapped[str] = mapped_column(String(12), primary_key=True)
    locked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    locked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(400), default="")

    person: Mapped[Person | None] = relationship(lazy="joined")


def locks_of(session: Session) -> Mapping[str, datetime]:
    """The keys of the pay periods that are locked, each with the instant of its lock."""
    rows = Driver(session).rows("SELECT period, locked_at FROM period_lock")
    return {period: as_instant(locked_at) for period, locked_at in rows}


def lock_of(period: str) -> PeriodLock | None:
    return db.session.get(PeriodLock, period)


def anything_is_locked() -> bool:
    return db.session.scalar(select(PeriodLock.period).limit(1)) is not None


def keep_periods_as_they_are(session: Session) -> None:
    """Let nobody lock a period until the transaction ends: what was open stays so while lines are
    posted in it. SQLite has one writer anyway."""
    driver = Driver(session)
    if driver.is_postgres:
        driver.rows("SELECT pg_advisory_xact_lock_shared(?)", _POSTING_AND_LOCKING)


def wait_for_postings(session: Session) -> None:
    """Let nobody post until the transaction ends, and see all that was posted before."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_POSTING_AND_LOCKING)))
