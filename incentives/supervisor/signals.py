"""Ctrl-C, SIGTERM and a closed terminal all mean the same: end everything in order."""

import signal
import time
from types import FrameType

from incentives.supervisor.messages import Stopped

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequest:
    """Remembers the wish; raised only where nothing is half done, never inside a handler."""

    def __init__(self) -> None:
        self.times_asked = 0

    def listen(self) -> None:
        for number in ENDING_SIGNALS:
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.times_asked += 1

    def pause(self, seconds: float) -> None:
        if self.times_asked:
            raise Stopped
        time.sleep(seconds)
        if self.times_asked:
            raise Stopped
