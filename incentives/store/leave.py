"""Leave: days off of one payee."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.core.calendar import YEARS
from incentives.extensions import db
from incentives.store.base import Base
from incentives.store.driver import Driver, as_day
from incentives.store.holidays import holidays
from incentives.store.people import Person

# Nothing happened before it: leave that was noted from the year 0006 on is not counted from there.
_FIRST = date(YEARS[0], 1, 1)


class Leave(Base):
    """A payee is away on days [first_day, end_day); None where the day back is not known yet."""

    __tablename__ = "leave"
    __table_args__ = (
        CheckConstraint("end_day IS NULL OR end_day > first_day", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    payee_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date]
    end_day: Mapped[date | None]

    payee: Mapped[Person] = relationship(lazy="joined")


def leaves_of(payee_id: int) -> Sequence[Leave]:
    """A payee's leave, the latest first."""
    query = select(Leave).where(Leave.payee_id == payee_id).order_by(Leave.first_day.desc())
    return db.session.scalars(query).all()


def days_off(payee_id: int, before: date) -> frozenset[date]:
    """The payee's leave before a day, and the holidays of the company."""
    return leave_days(payee_id, before) | holidays()


def leave_days(payee_id: int, before: date) -> frozenset[date]:
    """The days off of a payee that lie before a day."""
    return leave_days_of([payee_id], before).get(payee_id, frozenset())


def leave_days_of(payee_ids: Collection[int], before: date) -> dict[int, frozenset[date]]:
    """The same of many payees; who has none is not in it."""
    rows = Driver(db.session()).rows_in_parts(
        "SELECT payee_id, first_day, end_day FROM leave WHERE payee_id IN :ids AND first_day < ?",
        before.isoformat(),
        ids=payee_ids,
    )
    days: dict[int, set[date]] = defaultdict(set)
    for payee_id, begins, ends in rows:
        first_day, until = (
            max(as_day(begins), _FIRST),
            min(as_day(ends), before) if ends else before,
        )
        days[payee_id].update(
            first_day + timedelta(days=n) for n in range((until - first_day).days)
        )
    return {payee_id: frozenset(found) for payee_id, found in days.items()}
