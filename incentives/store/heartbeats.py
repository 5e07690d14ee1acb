"""When each worker was last seen alive. Kept in SQL so that it survives a lost Redis."""

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from incentives.extensions import db
from incentives.store.base import Base, UTCDateTime


class Heartbeat(Base):
    __tablename__ = "heartbeat"

    worker: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


def beat(session: Session, worker: str, now: datetime) -> None:
    session.merge(Heartbeat(worker=worker, at=now))


def locked_beat(session: Session, worker: str) -> datetime | None:
    """When it last beat; nobody else has this row until the transaction ends."""
    return session.scalar(select(Heartbeat.at).where(Heartbeat.worker == worker).with_for_update())


def heartbeats() -> dict[str, datetime]:
    return {row.worker: row.at for row in db.session.scalars(select(Heartbeat))}
