"""Bring everybody who is behind up to date, and tell the boards."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from incentives.live.announce import announce
from incentives.operations.recalculate import portions
from incentives.operations.refresh_payees import refresh_payees
from incentives.pause_points import pause_at
from incentives.store import markers
from incentives.store.transaction import writing

log = logging.getLogger(__name__)

# Boards hear of a long run while it goes on, not only at its end.
ANNOUNCE_EVERY_SECONDS = 0.1
# A payee that could not be calculated is left alone for a while: the others go on.
PARKED_FOR = timedelta(seconds=30)


def refresh_stale(*, clock: Callable[[], datetime]) -> int:
    """Refresh every stale payee, the one that waits longest first. Returns how many."""
    stale = markers.stale_payees(untried_since=clock() - PARKED_FOR)
    refreshed, announced = 0, time.monotonic()
    for portion in portions(stale):
        refreshed += _refresh_portion(portion, clock)
        if time.monotonic() - announced > ANNOUNCE_EVERY_SECONDS:
            announce()
            announced = time.monotonic()
    if refreshed:
        announce()
        pause_at("publish")
    return refreshed


def _refresh_portion(payee_ids: Sequence[int], clock: Callable[[], datetime]) -> int:
    try:
        refresh_payees(payee_ids, now=clock())
    except Exception:
        # Whatever is wrong with one payee, the others are still owed their numbers.
        return sum(_refresh_or_park(payee_id, clock) for payee_id in payee_ids)
    return len(payee_ids)


def _refresh_or_park(payee_id: int, clock: Callable[[], datetime]) -> int:
    try:
        refresh_payees([payee_id], now=clock())
    except Exception as error:
        log.exception("Payee %s could not be calculated", payee_id)
        with writing() as session:
            markers.park(session, payee_id, f"{type(error).__name__}: {error}", clock())
        return 0
    return 1
