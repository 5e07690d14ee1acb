"""Kudos: thanks from one person to others, by name and in words."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from incentives.extensions import db
from incentives.store.base import Base, UTCDateTime
from incentives.store.people import Person


class Kudos(Base):
    """`label` is the value of the company that it stands for, where the company names any."""

    __tablename__ = "kudos"

    id: Mapped[int] = mapped_column(primary_key=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    message: Mapped[str] = mapped_column(String(500))
    label: Mapped[str | None] = mapped_column(String(40))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    taken_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hidden_reason: Mapped[str | None] = mapped_column(String(200))

    giver: Mapped[Person] = relationship(foreign_keys=giver_id, lazy="joined")
    receivers: Mapped[list[Person]] = relationship(
        secondary="kudos_receiver", order_by=Person.name, lazy="selectin"
    )

    @property
    def stands(self) -> bool:
        return self.taken_back_at is None and self.hidden_at is None


class KudosReceiver(Base):
    __tablename__ = "kudos_receiver"

    kudos_id: Mapped[int] = mapped_column(ForeignKey("kudos.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


def kudos(kudos_id: int) -> Kudos | None:
    return db.session.get(Kudos, kudos_id)


def kudos_between(
    start: datetime, end: datetime, *, among: Collection[int] | None, limit: int
) -> Sequence[Kudos]:
    """Those that stand, given in [start, end), newest first; with `among` only those that one of
    these people gave or got."""
    query = (
        select(Kudos)
        .where(Kudos.taken_back_at.is_(None), Kudos.hidden_at.is_(None))
        .where(Kudos.given_at >= start, Kudos.given_at < end)
        .order_by(Kudos.given_at.desc(), Kudos.id.desc())
        .limit(limit)
    )
    if among is not None:
        got = select(KudosReceiver.kudos_id).where(KudosReceiver.person_id.in_(among))
        query = query.where(or_(Kudos.giver_id.in_(among), Kudos.id.in_(got)))
    return db.session.scalars(query).all()


def kudos_received(person_id: int, since: datetime | None, until: datetime) -> Sequence[Kudos]:
    """Those that stand, got after `since` and not after `until`, newest first."""
    query = (
        select(Kudos)
        .join(KudosReceiver, KudosReceiver.kudos_id == Kudos.id)
        .where(KudosReceiver.person_id == person_id, Kudos.given_at <= until)
        .where(Kudos.taken_back_at.is_(None), Kudos.hidden_at.is_(None))
        .order_by(Kudos.given_at.desc(), Kudos.id.desc())
    )
    if since is not None:
        query = query.where(Kudos.given_at > since)
    return db.session.scalars(query).all()


def count_given(session: Session, giver_id: int, start: datetime, end: datetime) -> int:
    """How many people somebody thanked in [start, end); what was taken back is given back."""
    query = (
        select(func.count())
        .select_from(KudosReceiver)
        .join(Kudos, Kudos.id == KudosReceiver.kudos_id)
        .where(Kudos.giver_id == giver_id, Kudos.taken_back_at.is_(None))
        .where(Kudos.given_at >= start, Kudos.given_at < end)
    )
    return session.scalar(query) or 0
