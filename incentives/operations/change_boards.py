"""Boards: created, edited, retired. Every older document is kept, and each change is audited."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from incentives.core.boards.definition import Definition
from incentives.errors import Invalid, NotFound
from incentives.live.announce import announce
from incentives.operations.change_people import code_for
from incentives.operations.check_board import NOT_SAVED, checked_board
from incentives.store import boards
from incentives.store.audit import record
from incentives.store.boards import Board, BoardRevision
from incentives.store.transaction import writing

# Addresses that mean something else.
_TAKEN = ("new", "preview")


def create_board(
    document: Mapping[str, Any], *, by: int | None, now: datetime, via: str | None = None
) -> str:
    """A new board, last in the list. Returns its slug. Raises Invalid naming each field."""
    definition = checked_board(document)
    with writing() as session:
        _refuse_a_name_twice(session, definition, besides=None)
        board = Board(
            slug=_free_slug(session, definition.name),
            name=definition.name,
            position=boards.next_position(session),
            document=dict(document),
            salt=secrets.token_hex(16),
            created_at=now,
        )
        session.add(board)
        record(session, "board created", board.slug, by=by, now=now, after=document, via=via)
        slug = board.slug
    announce()
    return slug


def edit_board(
    slug: str,
    document: Mapping[str, Any],
    *,
    by: int | None,
    now: datetime,
    via: str | None = None,
) -> int:
    """Put another document in place of a board's. Returns the number of its revision; the same
    document again is none. The address stays, and "as it stood" still reads the older one."""
    definition = checked_board(document)
    with writing() as session:
        board = _locked_board(session, slug)
        before = board.document
        if before == document:
            return board.revision
        _refuse_a_name_twice(session, definition, besides=board.id)
        session.add(
            BoardRevision(
                board_id=board.id, revision=board.revision, document=before, superseded_at=now
            )
        )
        board.name, board.document = definition.name, dict(document)
        board.revision += 1
        record(
            session, "board edited", slug, by=by, now=now, before=before, after=document, via=via
        )
        revision = board.revision
    announce()
    return revision


def retire_board(slug: str, *, by: int | None, now: datetime, via: str | None = None) -> None:
    """Take a board off. Nothing is deleted, and its address is not given away."""
    with writing() as session:
        board = _locked_board(session, slug)
        board.retired_at = now
        record(session, "board retired", slug, by=by, now=now, before=board.document, via=via)
    announce()


def _locked_board(session: Session, slug: str) -> Board:
    """The board, kept from every other change until the transaction ends."""
    query = select(Board).where(Board.slug == slug, Board.retired_at.is_(None))
    locked = query.with_for_update().execution_options(populate_existing=True)
    board = session.scalars(locked).first()
    if board is None:
        raise NotFound("There is no such board.")
    return board


def _refuse_a_name_twice(session: Session, definition: Definition, *, besides: int | None) -> None:
    named = session.execute(select(Board.id, Board.name).where(Board.retired_at.is_(None)))
    wanted = definition.name.casefold()
    if any(row.name.casefold() == wanted and row.id != besides for row in named):
        sentence = "There is a board of this name already. Write another."
        raise Invalid("board", NOT_SAVED, fields={"name": [sentence]})


def _free_slug(session: Session, name: str) -> str:
    wanted = code_for(name)[:70]
    taken = boards.slugs_like(session, wanted)
    if wanted not in taken and wanted not in _TAKEN:
        return wanted
    return next(f"{wanted}-{n}" for n in range(2, 10_000) if f"{wanted}-{n}" not in taken)
