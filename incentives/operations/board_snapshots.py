"""Ranked boards, kept in this process: each is ranked once for a version, and everything that is
shown of it, a page, a neighbourhood or a search, is a slice.

What is kept is only found again under the same version, so it never has to be thrown away in time.
At a newer one the scores of whoever was calculated since are asked for, and nobody else's.
"""

import dataclasses
from collections import OrderedDict
from datetime import date
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from incentives.extensions import db
from incentives.operations.board_ranking import Asked
from incentives.operations.ranked_board import Snapshot, can_follow, follow, rank_board
from incentives.store import audit, markers
from incentives.store.board_progress import Progress, progress
from incentives.store.data_state import unless_written

# Of one process; a board of 10,000 people takes some 10 MB.
MOST = 32


@dataclasses.dataclass(frozen=True, slots=True)
class Stamp:
    """What a ranked board is made of: how many changes the results contain, and how many were made
    to people, teams, quotas and boards."""

    version: int
    settings: int

    def on(self, today: date) -> str:
        """With the day: "this quarter" and movement since this morning depend on it."""
        return f"{self.version}-{self.settings}-{today.isoformat()}"


def stamp() -> Stamp:
    """Read before the rows: what is shown may contain more than it says, never less."""
    return unless_written(
        db.session(), "stamp", lambda: Stamp(markers.board_version(), audit.newest_id())
    )


class _Kept:
    """The boards of one database that were looked at last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: OrderedDict[object, Any] = OrderedDict()

    def get(self, key: object) -> Any | None:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: object, found: Any) -> None:
        with self._lock:
            self._found[key] = found
            while len(self._found) > MOST:
                self._found.popitem(last=False)


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def forget() -> None:
    """Rank everything anew from now on."""
    _kept.pop(db.engine, None)


def snapshot(asked: Asked, board_id: int, made_of: Stamp) -> Snapshot:
    """A board as it is ranked at a version: the one that is kept, or ranked now."""
    kept = _kept.setdefault(db.engine, _Kept())
    team_id = asked.team.id if asked.team else None
    # An edited board is another change of settings, so its document need not be compared. Who
    # stands on a board changes with the settings only, and results change all the time.
    board = (board_id, asked.span, team_id, asked.today, asked.cut, made_of.settings)
    newest: tuple[int, Progress, Snapshot] | None = kept.get(board)
    if newest is None or newest[0] != made_of.version:
        newest = made_of.version, *_ranked_now(asked, newest)
        kept.put(board, newest)
    return newest[2]


def _ranked_now(
    asked: Asked, before: tuple[int, Progress, Snapshot] | None
) -> tuple[Progress, Snapshot]:
    now = unless_written(db.session(), "progress", progress)
    if before is None:
        return now, rank_board(asked)
    _, then, older = before
    changed = now.changed_since(then)
    if changed is None or not can_follow(asked):
        return now, rank_board(asked, older.field)
    return now, follow(older, asked, changed)
