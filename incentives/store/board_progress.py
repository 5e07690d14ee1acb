"""How far everybody's results are: who was calculated anew since one looked last."""

from dataclasses import dataclass
from typing import Any

from incentives.extensions import db
from incentives.store.driver import Driver


@dataclass(frozen=True, slots=True)
class Progress:
    """The changes that each payee's results contain. `most_wanted` leaps when a backup is restored
    (`markers.everybody_is_behind`), after which the numbers begin again."""

    computed: dict[int, int]
    most_wanted: int

    def changed_since(self, before: "Progress") -> set[int] | None:
        """The payees who were calculated anew; None where that cannot be told."""
        if self.most_wanted - before.most_wanted > _LEAP:
            return None
        differing = self.computed.items() ^ before.computed.items()
        return {payee_id for payee_id, _ in differing}


# More changes than anybody makes to one payee between two looks.
_LEAP = 1_000


def progress() -> Progress:
    """Read before the rows: what is shown may contain more than it says, never less."""
    rows: list[Any] = Driver(db.session()).rows("SELECT payee_id, computed, wanted FROM marker")
    return Progress(
        {payee_id: computed for payee_id, computed, _ in rows},
        max((wanted for *_, wanted in rows), default=0),
    )
