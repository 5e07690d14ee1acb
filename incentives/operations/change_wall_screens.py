"""Wall screens: a link is made and shown once, and revoked for good."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from incentives.core.activity_checks import is_clean
from incentives.errors import Invalid, NotFound
from incentives.store.audit import record
from incentives.store.boards import all_boards
from incentives.store.transaction import writing
from incentives.store.wall_screens import WallScreen
from incentives.tokens import token_hash

LEAST_SECONDS, MOST_SECONDS = 5, 600


def create_wall_screen(
    name: str, boards: Sequence[str], *, seconds: int, by: int | None, now: datetime
) -> str:
    """Make a link and return its token. It cannot be shown again: only a hash is kept.

    `boards` are slugs in the order of their turns, none for all. Raises Invalid naming each field.
    """
    name = " ".join(name.split())
    problems: dict[str, list[str]] = {}
    if not 1 <= len(name) <= 80 or not is_clean(name):
        problems["name"] = ["Write where the screen hangs, in at most 80 characters."]
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        problems["seconds"] = [f"Write {LEAST_SECONDS} to {MOST_SECONDS} seconds."]
    if set(boards) - {board.slug for board in all_boards()}:
        problems["boards"] = ["One of these boards is not there any more. Choose again."]
    if problems:
        raise Invalid("wall_screen", "The link was not made.", fields=problems)
    token = secrets.token_urlsafe(32)
    with writing() as session:
        session.add(
            WallScreen(
                name=name,
                token_hash=token_hash(token),
                boards=list(boards),
                seconds=seconds,
                created_at=now,
                created_by=by,
            )
        )
        after = {"boards": list(boards), "seconds": seconds}
        record(session, "wall screen made", name, by=by, now=now, after=after)
    return token


def revoke_wall_screen(screen_id: int, *, by: int | None, now: datetime) -> None:
    """End a link. Screens that show it stop within seconds."""
    with writing() as session:
        query = select(WallScreen).where(
            WallScreen.id == screen_id, WallScreen.revoked_at.is_(None)
        )
        screen = session.scalars(query).first()
        if screen is None:
            raise NotFound("There is no such screen, or its link is revoked already.")
        screen.revoked_at = now
        record(session, "wall screen revoked", screen.name, by=by, now=now)
