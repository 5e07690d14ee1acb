"""A limit on how long a piece of work may take, for work that might never end by itself."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Work that has not had half of its time from the processor waits for others, and is no slower for
# it. It may wait so many times as long.
MOST_WAITING = 5


class TookTooLong(Exception):
    """The work was stopped in the middle: what it was about to write must be undone."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"It took longer than {seconds:g} seconds and was stopped.")


@contextmanager
def at_most(seconds: float, *, or_die: bool = False) -> Iterator[None]:
    """Raise TookTooLong in work that goes on for longer: on a busy machine, that works for longer.

    Python hears of it between two of its steps only. With `or_die`, a process that does not hear,
    within a single step that never ends, is ended by the system: only for one that is started
    again. Signals reach the main thread; in another one there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    stopped = TookTooLong(seconds)
    is_over = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal is_over
        waits = time.thread_time() - worked < seconds / 2
        if waits and time.monotonic() - began < MOST_WAITING * seconds:
            return
        is_over = True
        raise stopped

    began, worked = time.monotonic(), time.thread_time()
    handler = signal.signal(signal.SIGALRM, stop)
    # Again and again: to look once more, and because it is lost where Python cannot pass it on, as
    # while an object is taken down.
    remaining, every = signal.setitimer(signal.ITIMER_REAL, seconds, max(seconds, 1))
    if or_die:
        # SIGPROF ends whoever does not handle it. It counts the processor's time, not a wait.
        signal.setitimer(signal.ITIMER_PROF, 2 * seconds + 1)
    try:
        yield
    except Exception as error:
        # What is stopped in the middle may complain of something else while it clears up.
        if is_over and error is not stopped:
            raise stopped from error
        raise
    finally:
        if or_die:
            signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if remaining:
            # Somebody around us has a limit, too.
            left = max(remaining - (time.monotonic() - began), 0.001)
            signal.setitimer(signal.ITIMER_REAL, left, every)
