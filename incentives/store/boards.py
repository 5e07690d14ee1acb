"""Boards as documents: what each says, what it said before, and where it stands in the list."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from incentives.core.boards.definition import Definition, read_definition
from incentives.core.boards.spans import WINDOW
from incentives.extensions import db
from incentives.store.base import Base, Json, UTCDateTime, to_json


class Board(Base):
    """`document` is the newest of `revision` documents. `salt` hides people behind pseudonyms and
    is told to nobody. A board of before documents has no `created_at`."""

    __tablename__ = "board"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    salt: Mapped[str] = mapped_column(String(32))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def definition(self) -> Definition:
        return _read(to_json(self.document))

    @property
    def kpi(self) -> str:
        """The KPI of the score, the first where it has several; '' where a contest makes it."""
        return self.definition.scores[0].kpi or ""

    @property
    def period_kind(self) -> str:
        """The period the board opens with; the address may ask for another."""
        return self.definition.span.period or WINDOW


class BoardRevision(Base):
    """What a board said before it was edited."""

    __tablename__ = "board_revision"

    board_id: Mapped[int] = mapped_column(ForeignKey("board.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    superseded_at: Mapped[datetime] = mapped_column(UTCDateTime)


# A document is read once, however often the board is looked at.
@lru_cache(maxsize=1_024)
def _read(document: str) -> Definition:
    return read_definition(json.loads(document))


def all_boards() -> Sequence[Board]:
    query = select(Board).where(Board.retired_at.is_(None))
    return db.session.scalars(query.order_by(Board.position, Board.id)).all()


def board_by_slug(slug: str) -> Board | None:
    query = select(Board).where(Board.slug == slug, Board.retired_at.is_(None))
    return db.session.scalars(query).first()


def definition_at(board: Board, instant: datetime) -> Definition:
    """What a board said just before an instant; its first document before it was made."""
    query = (
        select(BoardRevision)
        .where(BoardRevision.board_id == board.id, BoardRevision.superseded_at >= instant)
        .order_by(BoardRevision.revision)
    )
    earlier = db.session.scalars(query.limit(1)).first()
    return board.definition if earlier is None else _read(to_json(earlier.document))


def revisions_of(board_id: int) -> Sequence[BoardRevision]:
    """The documents that were replaced, oldest first."""
    query = select(BoardRevision).where(BoardRevision.board_id == board_id)
    return db.session.scalars(query.order_by(BoardRevision.revision)).all()


def slugs_like(session: Session, wanted: str) -> set[str]:
    """Also of boards that are retired: an address never comes to mean another board."""
    return set(session.scalars(select(Board.slug).where(Board.slug.startswith(wanted))))


def next_position(session: Session) -> int:
    return (session.scalar(select(func.max(Board.position))) or 0) + 1
