"""Read what a wall screen shows in turn: boards as screens may see them, contests, wins.

Everybody who walks by sees it, so contests and wins, which name people, are there only where every
board on the screen names everybody for screens.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from incentives.core.boards.parts import WALL
from incentives.core.boards.privacy import Viewer, shows_names
from incentives.errors import Forbidden, NotFound
from incentives.operations.board_snapshots import stamp
from incentives.operations.feed_items import FeedItem
from incentives.operations.read_board import BoardReading, read_board
from incentives.operations.read_contest import ContestReading, read_contest
from incentives.operations.read_feed import read_feed
from incentives.store.announcements import Announcement
from incentives.store.boards import Board, all_boards, board_by_slug
from incentives.store.companies import Company, the_company
from incentives.store.contests import LIVE, all_contests
from incentives.store.wall_screens import WallScreen, screen_by_hash
from incentives.tokens import token_hash

# What can be read from ten metres away.
ROWS = 8
NEWS = 8
# How long the turn of a board takes that somebody shows large from its page: it has only one.
ALONE = 60


@dataclass(frozen=True, slots=True)
class Wall:
    """`seconds` is how long each turn takes; `stamp` changes with all that is on it.
    `names_everybody` says whether people may be named beside the boards."""

    stamp: str
    name: str
    seconds: int
    boards: Sequence[BoardReading]
    contests: Sequence[ContestReading]
    news: Sequence[FeedItem]
    announcements: Sequence[Announcement]
    company: Company
    names_everybody: bool

    def shows(self, payee_id: int) -> bool:
        """Whether somebody may be named: nobody is who is hidden from a board on this screen."""
        return self.names_everybody and all(board.shows_payee(payee_id) for board in self.boards)


def screen_of(token: str) -> WallScreen:
    """The screen a link is for. Raises NotFound for one that was revoked."""
    found = screen_by_hash(token_hash(token))
    if found is None:
        raise NotFound("The link of this screen is no longer good. Ask a manager for a new one.")
    return found


def read_wall(screen: WallScreen, *, now: datetime) -> Wall:
    """What a screen shows now. Boards that are retired or show nothing to screens are left out."""
    slugs = screen.boards or [board.slug for board in all_boards()]
    return wall_of(screen.name, slugs, seconds=screen.seconds, now=now)


def is_shown_large(board: Board, role: str) -> bool:
    """Whether a screen shows no more of a board than somebody of this role may see."""
    said = board.definition
    own, screen = said.form_for(role), said.form_for(WALL)
    return (shows_names(own) or own == screen) and (
        said.frozen_for(role) in (None, said.frozen_for(WALL))
    )


def read_large(
    slug: str, role: str, *, now: datetime, period: str | None, team: str | None
) -> Wall:
    """One board as every screen sees it, for somebody of a role. Raises Forbidden where that is
    more than the board shows them (semantics 40)."""
    board = board_by_slug(slug)
    if board is not None and not is_shown_large(board, role):
        raise Forbidden(
            "hidden",
            "A screen shows more of this board than it shows you, so you cannot show it large. "
            "Open the board itself.",
        )
    return wall_of("One board", [slug], seconds=ALONE, now=now, period=period, team=team)


def wall_of(
    name: str,
    slugs: Collection[str],
    *,
    seconds: int,
    now: datetime,
    period: str | None = None,
    team: str | None = None,
) -> Wall:
    """These boards as a screen shows them."""
    # Read before the rest: what is shown may contain more than it says, never less.
    made_of = wall_stamp(now=now)
    boards = []
    for slug in slugs:
        with suppress(NotFound):
            boards.append(
                read_board(
                    slug,
                    viewer=Viewer(WALL),
                    now=now,
                    period=period,
                    team=team,
                    limit=ROWS,
                    with_parts=False,
                )
            )
    seen = [board for board in boards if board.rows]
    # Also by those that show a screen nothing: they keep who is behind their scores.
    names_everybody = bool(seen) and all(board.may_show_news for board in boards)
    feed = read_feed(Viewer(WALL), now=now, limit=NEWS)
    wall = Wall(
        stamp=made_of,
        name=name,
        seconds=seconds,
        boards=seen,
        contests=(),
        news=feed.items,
        announcements=feed.announcements,
        company=the_company(),
        names_everybody=names_everybody,
    )
    return replace(wall, contests=_live_contests(wall, now)) if wall.names_everybody else wall


def wall_stamp(*, now: datetime) -> str:
    """Of every screen. A minute is a change, too: contests begin and end, announcements run out."""
    today = the_company().calendar.day_of(now)
    return f"{stamp().on(today)}-{now:%H%M}"


def _live_contests(wall: Wall, now: datetime) -> list[ContestReading]:
    """The one that ends first on top; none of which nobody may be shown here."""
    live = [contest for contest in all_contests() if contest.state_at(now) == LIVE]
    live.sort(key=lambda contest: contest.ends_at)
    readings = [read_contest(contest.slug, now=now) for contest in live]
    return [
        reading for reading in readings if any(wall.shows(row.entrant.id) for row in reading.rows)
    ]
