"""What somebody sees of a board: the one function that every output goes through (semantics 40).

Page, stream, JSON, file and wall are made of `Seen` alone, so none of them can hold a name that
another one hides.
"""

import hashlib
from base64 import b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from incentives.core.boards.parts import NAMED, NEIGHBOURS, PSEUDONYM, SELF, TOP_N, Form
from incentives.core.boards.ranked import Ranked
from incentives.core.ranking import window_at
from incentives.core.standings import Entrant


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: the role, wall or program, and who they are. A screen is nobody."""

    role: str
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row as it may be shown. `at` is where it stands on the whole board, for what hangs on it.

    Behind a pseudonym there is nothing to open, and no number beside the score that would tell who
    it is."""

    row: Ranked
    at: int
    is_own: bool
    is_named: bool


@dataclass(frozen=True)
class Seen:
    """A board as one viewer sees it: `found` are the places on the whole board, in order, and
    `place_of` is where on it each entrant stands."""

    board: Sequence[Ranked]
    place_of: Mapping[int, int]
    found: Sequence[int]
    own: int | None
    form: Form
    salt: str

    @property
    def total(self) -> int:
        return len(self.found)

    @property
    def own_row(self) -> SeenRow | None:
        return None if self.own is None else self._row(self.own)

    @property
    def own_alias(self) -> int | None:
        """The id behind which others see this viewer."""
        if self.own is None or self.form.form != PSEUDONYM:
            return None
        return alias(self.board[self.own].entrant.id, self.salt).id

    @property
    def is_personal(self) -> bool:
        """Whether the rows differ from one viewer to the next of a role."""
        return self.form.form in (NEIGHBOURS, SELF)

    def rows(self, first: int = 0, limit: int | None = None) -> list[SeenRow]:
        end = None if limit is None else first + limit
        return [self._row(at) for at in self.found[first:end]]

    def position_of(self, at: int | None) -> int | None:
        """Where in the list a place of the whole board stands; None where it is not in it."""
        if at is None or at not in self.found:
            return None
        return self.found.index(at)

    def around(self, window: int, of: int | None = None) -> "Seen":
        """The rows round the viewer, or round the place `of` of the whole board, in the same group;
        full wherever it can be."""
        position = self.position_of(self.own if of is None else of)
        if position is None:
            return replace(self, found=range(0))
        first, last = (self._reach(position, step, window - 1) for step in (-1, 1))
        inside = self.found[first : last + 1]
        return replace(self, found=inside[window_at(position - first, window, len(inside))])

    def _reach(self, position: int, step: int, most: int) -> int:
        """How far one comes from a position of the list within its group."""
        group = self.board[self.found[position]].group
        for _ in range(most):
            after = position + step
            if not 0 <= after < self.total or self.board[self.found[after]].group != group:
                break
            position = after
        return position

    def search(self, words: str) -> "Seen":
        """The rows whose name, as it is shown, has these words."""
        wanted = " ".join(words.split()).casefold()
        return replace(self, found=[at for at in self.found if wanted in self._name(at).casefold()])

    def row_of(self, entrant_id: int) -> SeenRow | None:
        """The row of somebody who is shown by name."""
        at = self.place_of.get(entrant_id)
        return None if at is None else self.named_row(at)

    def named_row(self, at: int) -> SeenRow | None:
        """The row at a place of the whole board, where this viewer sees it by name."""
        if at != self.own and at not in self.found:
            return None
        row = self._row(at)
        return row if row.is_named else None

    def _is_named(self, at: int) -> bool:
        return self.form.form != PSEUDONYM or at == self.own

    def _name(self, at: int) -> str:
        entrant = self.board[at].entrant
        return entrant.name if self._is_named(at) else alias(entrant.id, self.salt).name

    def _row(self, at: int) -> SeenRow:
        row, is_own = self.board[at], at == self.own
        if self._is_named(at):
            return SeenRow(row, at, is_own, True)
        return SeenRow(_masked(row, self.salt), at, False, False)


def seen(
    board: Sequence[Ranked],
    place_of: Mapping[int, int],
    form: Form,
    own_id: int | None,
    salt: str,
) -> Seen:
    """What a viewer who is the entrant `own_id` sees of a board.

    `top_n` shows the first places, with all who share the last of them; `neighbours` a window round
    oneself; `self` one's own row. Who is nobody on the board, such as a screen, has no neighbours.
    """
    own = None if own_id is None else place_of.get(own_id)
    everything = Seen(board, place_of, range(len(board)), own, form, salt)
    match form.form:
        case "named" | "pseudonym":
            return everything
        case "top_n":
            top = [at for at, row in enumerate(board) if 0 < (row.standing.place or 0) <= form.top]
            return replace(everything, found=top)
        case "neighbours":
            return everything.around(form.window)
    return replace(everything, found=() if own is None else (own,))


def shows_names(form: Form) -> bool:
    """Whether everybody is named, so that a team may be asked for and news may stand beside."""
    return form.form == NAMED


def alias(entrant_id: int, salt: str) -> Entrant:
    """Who somebody is to others: the same on every day, and told to nobody who does not know the
    salt of the board."""
    digest = hashlib.blake2b(f"{entrant_id}".encode(), key=salt.encode(), digest_size=10).digest()
    number = int.from_bytes(digest[:6], "big")
    return Entrant(-number - 1, f"Player {b32encode(digest[:5]).decode()[:6]}")


def _masked(row: Ranked, salt: str) -> Ranked:
    entrant = alias(row.entrant.id, salt)
    return Ranked(
        entrant,
        replace(row.entry, entrant_id=entrant.id, name=entrant.name),
        replace(row.standing, entrant_id=entrant.id, name=entrant.name),
        row.above,
        row.group,
        row.zone,
    )


__all__ = ["TOP_N", "Seen", "SeenRow", "Viewer", "alias", "seen", "shows_names"]
