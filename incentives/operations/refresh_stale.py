"""Bring everybody who is behind up to date, and tell the boards."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from incentives.claims import claimed
from incentives.errors import Refused
from incentives.live.announce import announce
from incentives.operations.recalculate import portions
from incentives.operations.refresh_payees import refresh_payees
from incentives.pause_points import pause_at
from incentives.queue import ask_for_refresh
from incentives.store import markers, parking
from incentives.store.transaction import let_go, writing
from incentives.store.trouble import as_refusal
from incentives.time_limit import TookTooLong, at_most

log = logging.getLogger(__name__)

# Boards hear of a long run while it goes on, not only at its end.
ANNOUNCE_EVERY_SECONDS = 0.1
# A run ends after a while; who is still behind is asked for again.
RUN_SECONDS = 60.0

# A portion may take so long, and so much for each payee, before they are tried one by one.
PORTION_SECONDS = 2.0
EACH_SECONDS = 0.02
# One by one, quickly, so that nobody waits long for a sum that never ends.
QUICK_SECONDS = 1.0
# Who failed before is given more time, up to this.
LONGEST_SECONDS = 20.0

ENDED_THE_WORKER = "The calculation ended the program that was at it."


def refresh_stale(
    *, clock: Callable[[], datetime], supervised: bool = False, careful: bool = False
) -> int:
    """Refresh every stale payee, the one that waits longest first. Returns how many.

    Who cannot be calculated is parked with the reason, and tried again alone when the others are
    done. `supervised`: this process is started again when it dies, so that a sum which does not
    even listen may end it. `careful`: it was just started, perhaps because it died; every try is
    then noted before it is made.
    """
    return _Run(clock, supervised, careful).all()


class _Run:
    def __init__(self, clock: Callable[[], datetime], supervised: bool, careful: bool) -> None:
        self._clock = clock
        self._supervised = supervised
        self._careful = careful
        self._announced = time.monotonic()
        self._ends_at = self._announced + RUN_SECONDS

    def all(self) -> int:
        refreshed, suspects = 0, True
        while suspects and not self._is_over():
            began = time.monotonic()
            refreshed += self._sound()
            # Those in doubt are given as long as the news of the others took: neither waits for
            # the other to come to an end, which may never be.
            ended = time.monotonic()
            done, suspects = self._suspects(until=ended + (ended - began))
            refreshed += done
        if refreshed and markers.sound_stale_payees():
            # Whoever else looked meanwhile left alone those whom we were at.
            ask_for_refresh()
        return refreshed

    def _suspects(self, *, until: float) -> tuple[int, bool]:
        """How many in doubt could be refreshed, and whether there are more than there was time for.
        One is always tried."""
        refreshed = 0
        while not self._is_over() and (suspect := parking.next_suspect(self._clock())):
            refreshed += self._alone(suspect)
            if time.monotonic() >= until:
                return refreshed, True
        return refreshed, False

    def _is_over(self, *, leaving: float = 0) -> bool:
        return time.monotonic() > self._ends_at - leaving

    def _sound(self) -> int:
        refreshed, doubtful = self._portions()
        # Whatever is wrong with one payee, the others are still owed their numbers. One by one
        # takes longer: those in no doubt come first.
        for payee_id in doubtful:
            if self._is_over():
                break
            refreshed += self._or_park(payee_id, QUICK_SECONDS)
            self._announce_now_and_then()
        if refreshed:
            self._announce()
            pause_at("publish")
        return refreshed

    def _portions(self) -> tuple[int, list[int]]:
        """How many could be refreshed together, and who is to be tried alone. Where there are such,
        they are left half of the run."""
        refreshed, doubtful = 0, list[int]()
        for portion in portions(markers.sound_stale_payees()):
            with claimed(portion) as ours:
                if self._portion(ours):
                    refreshed += len(ours)
                else:
                    doubtful += ours
            self._announce_now_and_then()
            if self._is_over(leaving=RUN_SECONDS / 2 if doubtful else 0):
                break
        return refreshed, doubtful

    def _announce_now_and_then(self) -> None:
        if time.monotonic() - self._announced > ANNOUNCE_EVERY_SECONDS:
            self._announce()

    def _announce(self) -> None:
        announce()
        self._announced = time.monotonic()

    def _portion(self, payee_ids: Sequence[int]) -> bool:
        """Whether all of them could be calculated."""
        if not payee_ids:
            return True
        if self._careful:
            self._note_try(payee_ids)
        try:
            self._refresh(payee_ids, PORTION_SECONDS + EACH_SECONDS * len(payee_ids))
        except Exception as error:
            _raise_if_passing(error)
            return False
        return True

    def _alone(self, suspect: parking.Suspect) -> int:
        self._note_try([suspect.payee_id], ENDED_THE_WORKER)
        seconds = min(QUICK_SECONDS * 2**suspect.failures, LONGEST_SECONDS)
        refreshed = self._or_park(suspect.payee_id, seconds)
        if refreshed:
            self._announce()
        return refreshed

    def _note_try(self, payee_ids: Sequence[int], problem: str | None = None) -> None:
        with writing() as session:
            parking.note_try(session, payee_ids, self._clock(), problem)

    def _or_park(self, payee_id: int, seconds: float) -> int:
        try:
            self._refresh([payee_id], seconds)
        except Exception as error:
            _raise_if_passing(error)
            log.exception("Payee %s could not be calculated", payee_id)
            holds_up = isinstance(error, TookTooLong)
            with writing() as session:
                parking.park(session, [payee_id], _why(error), self._clock(), holds_up=holds_up)
            return 0
        return 1

    def _refresh(self, payee_ids: Sequence[int], seconds: float) -> None:
        try:
            with at_most(seconds, or_die=self._supervised):
                refresh_payees(payee_ids, now=self._clock())
        except TookTooLong:
            # It may have been stopped in the middle of an answer of the database.
            let_go()
            raise


def _raise_if_passing(error: Exception) -> None:
    """That the database is away or full is nobody's fault who is to be calculated."""
    if as_refusal(error) is not None:
        raise error


def _why(error: Exception) -> str:
    """What is shown to those who can mend it."""
    if isinstance(error, TookTooLong | Refused):
        return f"The calculation could not be done. {error}"
    return (
        "The calculation met an error that is not of the payee's making. The worker's log says "
        f"where. {type(error).__name__}: {error}"
    )
