"""Boards: which KPI is ranked, over which period, for whom."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from incentives.extensions import db
from incentives.store.base import Base, UTCDateTime


class Board(Base):
    """`period_kind` is the period the board opens with; the address may ask for another."""

    __tablename__ = "board"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kpi: Mapped[str] = mapped_column(String(40))
    period_kind: Mapped[str] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def all_boards() -> Sequence[Board]:
    query = select(Board).where(Board.retired_at.is_(None))
    return db.session.scalars(query.order_by(Board.position, Board.id)).all()


def board_by_slug(slug: str) -> Board | None:
    query = select(Board).where(Board.slug == slug, Board.retired_at.is_(None))
    return db.session.scalars(query).first()
