"""What is missing in a payee's ledger.

Each period has a hash of the lines it should have. While it is that of the last time, and nobody
has posted since, nothing is missing, and no line is read or compared: a late deal costs the lines
of its month.
"""

import hashlib
from array import array
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, groupby

from sqlalchemy.orm import Session

from incentives.core.ledger_lines import NOTHING_HELD, Alike, Lines, NewLines, lines_to_post
from incentives.core.posting import OpenPeriods
from incentives.operations.said import Hashes, Said, what_differs
from incentives.store.posted import NOTHING_POSTED, LastPosting, held_lines


class Ledger:
    """A payee's ledger up to its last posting, as far as some components are concerned; `before`
    is what it was brought to the last time."""

    def __init__(
        self,
        session: Session,
        payee_id: int,
        component_ids: Collection[int],
        last: LastPosting,
        before: Said,
    ) -> None:
        self._session, self._payee_id, self._component_ids = session, payee_id, component_ids
        self._last = last
        self._known = before.lines if before.after == last.hash else None

    def lacks(
        self, wanted: Lines, periods: OpenPeriods, say_the_same: Alike
    ) -> tuple[NewLines, Hashes]:
        """The lines to be posted, and what is to be remembered of them until the next time."""
        said = _hashes(wanted)
        if self._last == NOTHING_POSTED:
            return lines_to_post(wanted, NOTHING_HELD, periods), said
        differ = what_differs(self._known, said)
        if differ is not None:
            wanted = wanted.of(differ)
        if differ == frozenset():
            return NewLines(), said
        held = held_lines(self._session, self._payee_id, self._component_ids, differ)
        return lines_to_post(wanted, held, periods, say_the_same), said


def _hashes(wanted: Lines) -> dict[str, str]:
    """Of all that is wanted in a period. Whether it is open has no say: one that was brought to
    something lacks nothing of it when it is locked, and none is unlocked."""
    numbers = [
        memoryview(array("q", column))
        for column in (wanted.components, wanted.activity_ids, wanted.amounts)
    ]
    texts = (wanted.aspects, wanted.days, wanted.terms, wanted.steps)
    found = {}
    for origin, part in _runs(wanted.origins):
        if origin not in found:
            found[origin] = hashlib.sha256()
        for column in numbers:
            found[origin].update(column[part])
        said = chain.from_iterable(column[part] for column in texts)
        found[origin].update("\n".join(said).encode())
    return {origin: each.hexdigest()[:16] for origin, each in found.items()}


def _runs(origins: Sequence[str]) -> Iterator[tuple[str, slice]]:
    """Where lines of one period follow each other."""
    start = 0
    for origin, run in groupby(origins):
        end = start + len(list(run))
        yield origin, slice(start, end)
        start = end
