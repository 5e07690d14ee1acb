"""What boards keep from somebody is kept from them in the feed and behind a deal as well
(semantics 33, 40)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from incentives.core.boards.privacy import Viewer, shows_names
from incentives.store import people
from incentives.store.boards import all_boards


@dataclass(frozen=True, slots=True)
class Curtain:
    """`hidden` are the people who are left out of a board; `frozen_at` is the earliest moment from
    which on a board shows this viewer nothing. Where a board does not name everybody, a win would
    tell who is behind a score: then only one's own are told."""

    viewer: Viewer
    hidden: frozenset[int]
    names_everybody: bool
    frozen_at: datetime | None

    def names(self, person_id: int) -> bool:
        """Whether a win of somebody may be told. One's own always may."""
        if person_id == self.viewer.person_id:
            return True
        return self.names_everybody and person_id not in self.hidden

    def shows(self, person_id: int) -> bool:
        """Whether somebody who takes part may be seen doing so."""
        return person_id == self.viewer.person_id or person_id not in self.hidden

    def opens(self, payee_ids: Collection[int], at: datetime | None) -> bool:
        """Whether what these people did at a moment may be looked at. What is one's own always
        may."""
        if self.viewer.person_id in payee_ids:
            return True
        is_frozen = at is not None and self.frozen_at is not None and at >= self.frozen_at
        return not is_frozen and all(self.names(payee_id) for payee_id in payee_ids)


def curtain_for(viewer: Viewer, *, now: datetime) -> Curtain:
    definitions = [board.definition for board in all_boards()]
    freezes = [definition.frozen_for(viewer.role) for definition in definitions]
    return Curtain(
        viewer=viewer,
        hidden=hidden_people(),
        names_everybody=all(shows_names(each.form_for(viewer.role)) for each in definitions),
        frozen_at=min((at for at in freezes if at is not None and at <= now), default=None),
    )


def hidden_people() -> frozenset[int]:
    """Everybody who is left out of a board."""
    codes = {code for board in all_boards() for code in board.definition.hidden}
    return frozenset(people.ids_by_code(codes).values()) if codes else frozenset()
