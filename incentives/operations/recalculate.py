"""Bring many payees up to date: after a plan is published, after a migration, at the load of a
year. The same sums as for one payee, in portions that each are read and written at once."""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context

from incentives.extensions import db
from incentives.live.announce import announce
from incentives.operations.refresh_payees import refresh_payees

# So many payees are in memory at a time, and written in one transaction: it holds up intake for
# some tens of milliseconds.
PORTION = 100
# Below this, another process would take longer to start than it saves.
WORTH_SHARING = 2_000


def recalculate(payee_ids: Sequence[int], *, clock: Callable[[], datetime]) -> int:
    """Calculate payees anew, behind or not, on all processors, and compare every line with the
    ledger. Returns how many lines it posted."""
    if len(payee_ids) < WORTH_SHARING:
        posted = sum(
            refresh_payees(portion, now=clock(), anew=True) for portion in portions(payee_ids)
        )
    else:
        posted = sum(_in_processes(payee_ids, clock()))
    announce()
    return posted


def portions(payee_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(payee_ids), PORTION):
        yield payee_ids[first : first + PORTION]


def _in_processes(payee_ids: Sequence[int], now: datetime) -> Iterator[int]:
    """Each portion in one of several processes, which write what they have worked out."""
    # A connection is never shared between processes: each makes its own. What is there by now is
    # left as it is, so that they may share its memory.
    db.session.remove()
    db.engine.dispose()
    gc.freeze()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("fork")) as pool:
        waiting = [
            pool.submit(refresh_payees, portion, now=now, anew=True)
            for portion in portions(payee_ids)
        ]
        for each in waiting:
            yield each.result()
    gc.unfreeze()
