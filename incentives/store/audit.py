"""Who changed what, when, from what to what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from incentives.extensions import db
from incentives.store.base import Base, BigId, Json, UTCDateTime
from incentives.store.people import Person

PAGE, COMMAND_LINE, API = "page", "command line", "API"


class AuditEntry(Base):
    """`actor_id` is None where the command line, a program or the product itself acted; `via` says
    which."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    via: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    before: Mapped[Any | None] = mapped_column(Json)
    after: Mapped[Any | None] = mapped_column(Json)

    actor: Mapped[Person | None] = relationship(lazy="joined")


def record(
    session: Session,
    action: str,
    subject: str,
    *,
    by: int | None,
    now: datetime,
    before: Any = None,
    after: Any = None,
    via: str | None = None,
) -> None:
    """Note a change, in the transaction of the change itself. What somebody did is taken to be
    done on a page, and what nobody did by the command line, where `via` does not say."""
    via = via or (COMMAND_LINE if by is None else PAGE)
    session.add(
        AuditEntry(
            at=now, actor_id=by, via=via, action=action, subject=subject, before=before, after=after
        )
    )


def newest_id() -> int:
    """Grows with every change that somebody made."""
    return db.session.scalar(select(func.max(AuditEntry.id))) or 0


def entries_of(action: str, count: int) -> Sequence[AuditEntry]:
    """The latest entries of one action, newest first."""
    query = select(AuditEntry).where(AuditEntry.action == action)
    return db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(count)).all()


def entries_about(
    count: int,
    *,
    before_id: int | None = None,
    actor_id: int | None = None,
    action: str = "",
    words: str = "",
) -> Sequence[AuditEntry]:
    """The latest entries, of somebody, of a kind, or whose subject has these words."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(count)
    if before_id is not None:
        query = query.where(AuditEntry.id < before_id)
    if actor_id is not None:
        query = query.where(AuditEntry.actor_id == actor_id)
    if action:
        query = query.where(AuditEntry.action == action)
    if words:
        query = query.where(AuditEntry.subject.icontains(words, autoescape=True))
    return db.session.scalars(query).all()


def audited_actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).distinct().order_by("action")))


def audited_actors() -> Sequence[Person]:
    actors = select(AuditEntry.actor_id).where(AuditEntry.actor_id.is_not(None))
    return db.session.scalars(
        select(Person).where(Person.id.in_(actors)).order_by(Person.name, Person.id)
    ).all()
