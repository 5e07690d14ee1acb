"""Bring many payees up to date: after a plan is published, after a migration, at the load of a
year. The same sums as for one payee, in portions that each are read and written at once."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from incentives.operations.refresh_payees import refresh_payees

# So many payees are in memory at a time, and written in one transaction: it holds up intake for
# some tens of milliseconds.
PORTION = 100


def recalculate(payee_ids: Sequence[int], *, clock: Callable[[], datetime]) -> int:
    """Calculate payees anew, behind or not. Returns how many lines were posted."""
    with without_collector():
        return sum(refresh_payees(portion, now=clock()) for portion in portions(payee_ids))


def portions(payee_ids: Iterable[int]) -> Iterator[list[int]]:
    ids = sorted(payee_ids)
    for first in range(0, len(ids), PORTION):
        yield ids[first : first + PORTION]


@contextmanager
def without_collector() -> Iterator[None]:
    """Nothing here goes round in a circle; looking for what does would cost a third of the time."""
    was_enabled = gc.isenabled()
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()
