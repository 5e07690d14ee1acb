"""Everybody in this process who watches one view: written to from one place, the same bytes."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Protocol

from incentives.live.events import PING, event
from incentives.live.hub import Channel
from incentives.live.views import Fragment, View

# So many are written to, then what came in meanwhile is looked at.
SLICE = 500


class Viewer(Protocol):
    """Whoever watches. `seen` is the newest state handed to them; `behind_since` is when, in
    seconds of the loop, they were last written to and did not take it all, None if they did."""

    seen: bytes
    behind_since: float | None

    def open(self, data: bytes) -> None:
        """Say that the stream begins, with its first events."""

    def write(self, data: bytes) -> None: ...

    def end(self) -> None:
        """Let them go, after what is under way."""

    def drop(self) -> None:
        """Let them go at once."""


class Audience:
    """The newest state wins: who has not yet taken what was written before is skipped, and given
    the newest there is when they have."""

    def __init__(
        self,
        view: View,
        channel: Channel,
        *,
        ended: Callable[[], set[str]],
        ping_seconds: float,
        slow_seconds: float,
    ) -> None:
        self.view, self.channel = view, channel
        self.viewers: set[Viewer] = set()
        self._ended = ended
        self._ping_seconds, self._slow_seconds = ping_seconds, slow_seconds
        self._fragment: Fragment | None = None
        self._newest = b""
        self._look()

    async def serve(self) -> None:
        """Hand out each new state; a sign of life where there is none. Ends by being cancelled."""
        changed = self.channel.changed
        while True:
            try:
                await asyncio.wait_for(changed.wait(), self._ping_seconds)
            except TimeoutError:
                await self._ping()
            changed = self.channel.changed
            self._end_those_whose_session_is_over()
            if self._look():
                await self._hand_out()
            self._drop_the_slow()

    def _look(self) -> bool:
        """Whether there is something new. It becomes bytes once, for everybody."""
        fragment = self.channel.fragment
        if fragment is None or fragment is self._fragment:
            return False
        self._fragment, self._newest = fragment, event(fragment).encode()
        return True

    def seat(self, viewer: Viewer, opening: bytes) -> None:
        """From now on they are written to; the whole state first."""
        self.viewers.add(viewer)
        viewer.seen = self._newest
        viewer.open(opening + self._newest)

    def catch_up(self, viewer: Viewer) -> None:
        """Hand over the newest state, unless they have it or cannot take it."""
        if viewer.seen is not self._newest and viewer.behind_since is None:
            viewer.seen = self._newest
            viewer.write(self._newest)

    async def _hand_out(self) -> None:
        for some in slices(self.viewers):
            for viewer in some:
                self.catch_up(viewer)
            await asyncio.sleep(0)

    async def _ping(self) -> None:
        for some in slices(self.viewers):
            for viewer in some:
                if viewer.behind_since is None:
                    viewer.write(PING)
            await asyncio.sleep(0)

    def _end_those_whose_session_is_over(self) -> None:
        if ended := self._ended():
            for viewer in list(self.viewers):
                if self.channel.sessions.get(viewer) in ended:
                    viewer.end()

    def _drop_the_slow(self) -> None:
        late = asyncio.get_running_loop().time() - self._slow_seconds
        for viewer in list(self.viewers):
            if viewer.behind_since is not None and viewer.behind_since < late:
                viewer.drop()


def slices(viewers: set[Viewer]) -> Iterator[list[Viewer]]:
    """As they are now; they come and go between the slices."""
    everybody = iter(list(viewers))
    while some := list(islice(everybody, SLICE)):
        yield some
