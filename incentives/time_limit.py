"""A limit on how long a piece of work may take, for work that might never end by itself."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


class TookTooLong(Exception):
    """The work was stopped in the middle: what it was about to write must be undone."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"It took longer than {seconds:g} seconds and was stopped.")


@contextmanager
def at_most(seconds: float, *, or_die: bool = False) -> Iterator[None]:
    """Raise TookTooLong in work that goes on for longer.

    Python hears of it between two of its steps only. With `or_die`, a process that does not hear,
    within a single step that never ends, is ended by the system: only for one that is started
    again. Signals reach the main thread; in another one there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    stopped = TookTooLong(seconds)
    is_over = False

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        nonlocal is_over
        is_over = True
        raise stopped

    began = time.monotonic()
    handler = signal.signal(signal.SIGALRM, stop)
    # Again and again: where Python cannot pass it on, as while an object is taken down, it is lost.
    remaining, _ = signal.setitimer(signal.ITIMER_REAL, seconds, max(seconds, 1))
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
            signal.setitimer(signal.ITIMER_REAL, max(remaining - (time.monotonic() - began), 0.001))
