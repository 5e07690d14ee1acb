"""What the company says on recognition, each one's quiet hours, and how far they have looked."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from incentives.core.recognition import QuietHours
from incentives.extensions import db
from incentives.store.base import Base, Exact, Json, UTCDateTime


class Recognition(Base):
    """The one row of settings. `deal_floor` is in the company's currency, `kudos_allowance` is
    per person and month, 0 for none. `version` grows with all that people write or press."""

    __tablename__ = "recognition"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    wins: Mapped[list[str]] = mapped_column(Json)
    deal_floor: Mapped[Decimal] = mapped_column(Exact)
    kudos_allowance: Mapped[int]
    kudos_labels: Mapped[list[str]] = mapped_column(Json)
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    version: Mapped[int] = mapped_column(BigInteger, default=0)

    @property
    def quiet(self) -> QuietHours | None:
        if self.quiet_from is None or self.quiet_until is None:
            return None
        return QuietHours(self.quiet_from, self.quiet_until)


class OwnQuietHours(Base):
    """Somebody's own quiet hours, beside the company's."""

    __tablename__ = "quiet_hours"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    starts: Mapped[int]
    ends: Mapped[int]


class FeedMark(Base):
    """Up to when somebody has looked at the feed, and up to when they were told of news."""

    __tablename__ = "feed_mark"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def the_recognition() -> Recognition:
    """The settings. Migrations make them."""
    return db.session.scalars(select(Recognition)).one()


def count_change(session: Session) -> None:
    """Say that what people see of each other's words has changed, in the same transaction."""
    session.execute(update(Recognition).values(version=Recognition.version + 1))


def recognition_version() -> int:
    return db.session.scalar(select(Recognition.version)) or 0


def own_quiet_hours(person_id: int) -> QuietHours | None:
    found = db.session.get(OwnQuietHours, person_id)
    return QuietHours(found.starts, found.ends) if found else None


def quiet_hours_of(person_id: int | None) -> Sequence[QuietHours]:
    """All that hold for somebody; for a screen, which is nobody, the company's."""
    own = own_quiet_hours(person_id) if person_id is not None else None
    return [each for each in (the_recognition().quiet, own) if each is not None]


def feed_mark(session: Session, person_id: int) -> FeedMark:
    """Somebody's mark, made where there is none yet."""
    found = session.get(FeedMark, person_id)
    if found is None:
        found = FeedMark(person_id=person_id)
        session.add(found)
    return found


def mark_of(person_id: int) -> FeedMark | None:
    return db.session.get(FeedMark, person_id)
