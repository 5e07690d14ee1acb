"""Wall screens: only a hash of each link's token is kept, so a link can be shown once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from incentives.extensions import db
from incentives.store.base import Base, Json, UTCDateTime


class WallScreen(Base):
    """`boards` are slugs in the order of their turns, each for so many `seconds`; none means all
    boards there are."""

    __tablename__ = "wall_screen"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    boards: Mapped[list[str]] = mapped_column(Json)
    seconds: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def screen_by_hash(token_hash: str) -> WallScreen | None:
    """A screen whose link is still good."""
    query = select(WallScreen).where(
        WallScreen.token_hash == token_hash, WallScreen.revoked_at.is_(None)
    )
    return db.session.scalars(query).first()


def open_screens(token_hashes: Collection[str]) -> set[str]:
    """Which of these links are still good."""
    query = select(WallScreen.token_hash).where(
        WallScreen.token_hash.in_(token_hashes), WallScreen.revoked_at.is_(None)
    )
    return set(db.session.scalars(query))


def all_screens() -> Sequence[WallScreen]:
    return db.session.scalars(select(WallScreen).order_by(WallScreen.id)).all()
