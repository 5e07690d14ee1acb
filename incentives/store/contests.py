"""Contests, who is in them, what places win, and the results as they were declared."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.extensions import db
from incentives.store.base import Base, Exact, Json, UTCDateTime
from incentives.store.people import Person
from incentives.store.teams import Team

UPCOMING, LIVE, PROVISIONAL, FINAL, CANCELLED = (
    "upcoming",
    "live",
    "provisional",
    "final",
    "cancelled",
)


class Contest(Base):
    """Most of a KPI in [starts_at, ends_at). What happened inside and arrives within the grace
    counts; then the result is final (semantics 34). Without teams everyone is in it."""

    __tablename__ = "contest"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    format: Mapped[str] = mapped_column(String(20))
    kpi: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    grace_hours: Mapped[int] = mapped_column(default=72)
    reserve: Mapped[Decimal | None] = mapped_column(Exact)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    creator: Mapped[Person | None] = relationship(lazy="joined")
    teams: Mapped[list[Team]] = relationship(secondary="contest_team", order_by=Team.name)
    prizes: Mapped[list["ContestPrize"]] = relationship(
        order_by="ContestPrize.place", cascade="all, delete-orphan"
    )
    results: Mapped[list["ContestResult"]] = relationship(order_by="ContestResult.version")
    amendments: Mapped[list["ContestAmendment"]] = relationship(order_by="ContestAmendment.number")

    @property
    def settles_at(self) -> datetime:
        return self.ends_at + timedelta(hours=self.grace_hours)

    def state_at(self, now: datetime) -> str:
        if self.cancelled_at is not None:
            return CANCELLED
        if now < self.starts_at:
            return UPCOMING
        if now < self.ends_at:
            return LIVE
        return PROVISIONAL if now < self.settles_at else FINAL


class ContestTeam(Base):
    __tablename__ = "contest_team"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True)


class ContestPrize(Base):
    __tablename__ = "contest_prize"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))


class ContestAmendment(Base):
    """A change of a running contest's rules, shown to every entrant (semantics 35).

    `changes` lists what changed, as words: {"rule": "Ends", "before": …, "after": …}.
    """

    __tablename__ = "contest_amendment"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    note: Mapped[str] = mapped_column(String(400))
    changes: Mapped[list[dict[str, str]]] = mapped_column(Json)
    amended_at: Mapped[datetime] = mapped_column(UTCDateTime)
    amended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    author: Mapped[Person | None] = relationship(lazy="joined")


class ContestResult(Base):
    """A declared result. A later one has a higher version; the older stay readable."""

    __tablename__ = "contest_result"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    standings: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime)


def all_contests() -> Sequence[Contest]:
    return db.session.scalars(select(Contest).order_by(Contest.ends_at.desc(), Contest.id)).all()


def unsettled_contests(now: datetime) -> Sequence[Contest]:
    """Contests that have ended or were called off, and have no last word yet."""
    settled = select(ContestResult.contest_id).where(ContestResult.state.in_((FINAL, CANCELLED)))
    query = select(Contest).where(
        or_(Contest.ends_at <= now, Contest.cancelled_at.is_not(None)), Contest.id.not_in(settled)
    )
    return db.session.scalars(query.order_by(Contest.id)).all()


def has_begun_between(start: datetime, end: datetime) -> bool:
    query = select(Contest.id).where(Contest.starts_at > start, Contest.starts_at <= end)
    return db.session.scalars(query.limit(1)).first() is not None


def contest_by_slug(slug: str) -> Contest | None:
    return db.session.scalars(select(Contest).where(Contest.slug == slug)).first()


def contest(contest_id: int) -> Contest | None:
    return db.session.get(Contest, contest_id)
