"""Announcements: what managers say to the company or to a team for a while."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.extensions import db
from incentives.store.base import Base, UTCDateTime
from incentives.store.people import Person
from incentives.store.teams import Team


class Announcement(Base):
    """Shown in [starts_at, ends_at), for good without an end. Without a team it is for everybody;
    else for the team and those inside it."""

    __tablename__ = "announcement"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR starts_at <= ends_at", name="starts_before_it_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    is_pinned: Mapped[bool]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    team: Mapped[Team | None] = relationship(lazy="joined")
    author: Mapped[Person | None] = relationship(lazy="joined")

    def is_shown_at(self, instant: datetime) -> bool:
        return self.starts_at <= instant and (self.ends_at is None or instant < self.ends_at)


class AnnouncementSeen(Base):
    __tablename__ = "announcement_seen"

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)


def announcement(announcement_id: int) -> Announcement | None:
    return db.session.get(Announcement, announcement_id)


def all_announcements() -> Sequence[Announcement]:
    """The newest first."""
    query = select(Announcement).order_by(Announcement.starts_at.desc(), Announcement.id.desc())
    return db.session.scalars(query).unique().all()


def shown_at(instant: datetime, team_ids: Collection[int]) -> Sequence[Announcement]:
    """To the whole company and to these teams: pinned ones first, then the newest."""
    query = (
        select(Announcement)
        .where(Announcement.starts_at <= instant)
        .where(or_(Announcement.ends_at.is_(None), Announcement.ends_at > instant))
        .where(or_(Announcement.team_id.is_(None), Announcement.team_id.in_(team_ids)))
        .order_by(Announcement.is_pinned.desc(), Announcement.starts_at.desc())
        .order_by(Announcement.id.desc())
    )
    return db.session.scalars(query).unique().all()


def ids_shown_at(instant: datetime) -> list[int]:
    """All that stand somewhere at an instant: they come and go without anybody's doing."""
    query = (
        select(Announcement.id)
        .where(Announcement.starts_at <= instant)
        .where(or_(Announcement.ends_at.is_(None), Announcement.ends_at > instant))
    )
    return list(db.session.scalars(query.order_by(Announcement.id)))


def seen_by(person_id: int, announcement_ids: Collection[int]) -> set[int]:
    """Which of these somebody has seen."""
    query = select(AnnouncementSeen.announcement_id).where(
        AnnouncementSeen.person_id == person_id,
        AnnouncementSeen.announcement_id.in_(announcement_ids),
    )
    return set(db.session.scalars(query))


def count_seen(announcement_ids: Collection[int]) -> dict[int, int]:
    """By how many people each was seen."""
    query = (
        select(AnnouncementSeen.announcement_id, func.count())
        .where(AnnouncementSeen.announcement_id.in_(announcement_ids))
        .group_by(AnnouncementSeen.announcement_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
