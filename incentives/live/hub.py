"""One hub in each streaming process: hears of a new version once, renders each watched view once,
hands the result to everybody who watches it. Nothing is queued: the newest state wins."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Hashable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from incentives.live.announce import CHANNEL
from incentives.live.views import Fragment, View

log = logging.getLogger(__name__)

# Many changes within a tick are one rendering.
TICK_SECONDS = 0.05
# Pub/sub may lose a message, and Redis may be away: the hub also looks by itself.
LOOK_EVERY_SECONDS = 4.0
SESSIONS_EVERY_SECONDS = 15.0
# After a restart all views are asked for at once: so many are drawn side by side, and leave threads
# to whoever looks at sessions and versions.
FIRST_AT_ONCE = 3


class Channel:
    """A view that is watched: its newest fragment, and who waits for the next."""

    def __init__(self) -> None:
        self.fragment: Fragment | None = None
        self.sessions: dict[object, str] = {}
        self.first: asyncio.Task[None] | None = None
        self.changed = asyncio.Event()

    def publish(self, fragment: Fragment) -> None:
        """Wake all viewers, unless nothing they see would change. Versions never go back."""
        old = self.fragment
        if old is not None and (fragment.version < old.version or fragment.html == old.html):
            return
        self.fragment = fragment
        self.wake()

    def wake(self) -> None:
        woken, self.changed = self.changed, asyncio.Event()
        woken.set()


class Hub:
    """`render`, `version` and `ended` touch the database and are run in threads."""

    def __init__(
        self,
        *,
        render: Callable[[View], Fragment],
        version: Callable[[], Hashable],
        ended: Callable[[Collection[str]], set[str]],
        redis_url: str | None,
    ) -> None:
        self._render, self._version, self._ended = render, version, ended
        self._redis_url = redis_url
        self.channels: dict[View, Channel] = {}
        self.ended_sessions: set[str] = set()
        self._poked = asyncio.Event()
        self._first_ones = asyncio.Semaphore(FIRST_AT_ONCE)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        duties = [self._render_when_poked(), self._look(), self._watch_sessions()]
        if self._redis_url:
            duties.append(self._listen(self._redis_url))
        self._tasks = [asyncio.create_task(duty) for duty in duties]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def join(self, view: View, viewer: object, session: str) -> Channel:
        """Watch a view. Its channel holds a fragment when this returns."""
        channel = self.channels.setdefault(view, Channel())
        channel.sessions[viewer] = session
        if channel.fragment is None:
            await self._first_fragment(view, channel)
        return channel

    async def _first_fragment(self, view: View, channel: Channel) -> None:
        """Rendered once for all who come meanwhile. One of them who leaves takes it from nobody."""
        if channel.first is None or channel.first.done():
            channel.first = asyncio.create_task(self._publish_first(view, channel))
        await asyncio.shield(channel.first)

    async def _publish_first(self, view: View, channel: Channel) -> None:
        async with self._first_ones:
            await self._publish(view, channel)

    async def _publish(self, view: View, channel: Channel) -> None:
        channel.publish(await asyncio.to_thread(self._render, view))

    def leave(self, view: View, viewer: object) -> None:
        channel = self.channels.get(view)
        if channel is None:
            return
        channel.sessions.pop(viewer, None)
        if not channel.sessions:
            del self.channels[view]

    def poke(self) -> None:
        self._poked.set()

    async def _render_when_poked(self) -> None:
        while True:
            await self._poked.wait()
            self._poked.clear()
            for view, channel in list(self.channels.items()):
                try:
                    await self._publish(view, channel)
                except Exception:
                    # One view that cannot be rendered keeps its last state; the others go on.
                    log.exception("%s could not be rendered", view)
            await asyncio.sleep(TICK_SECONDS)

    async def _listen(self, redis_url: str) -> None:
        while True:
            client = Redis.from_url(redis_url, socket_connect_timeout=2)
            try:
                async with client.pubsub() as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    self.poke()
                    async for _ in pubsub.listen():
                        self.poke()
            except (RedisError, OSError) as error:
                log.warning("The hub does not hear of changes and looks by itself: %s", error)
            finally:
                with contextlib.suppress(RedisError, OSError):
                    await client.aclose()
            await asyncio.sleep(1)

    async def _look(self) -> None:
        seen: Hashable = None
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            if not self.channels:
                continue
            try:
                version = await asyncio.to_thread(self._version)
            except Exception:
                log.exception("The hub could not look for a new version")
                continue
            if version != seen:
                seen = version
                self.poke()

    async def _watch_sessions(self) -> None:
        """Who signs out, is disabled or retired stops seeing the stream as well."""
        while True:
            await asyncio.sleep(SESSIONS_EVERY_SECONDS)
            watched = {s for channel in self.channels.values() for s in channel.sessions.values()}
            if not watched:
                continue
            try:
                self.ended_sessions = await asyncio.to_thread(self._ended, watched)
            except Exception:
                log.exception("The hub could not look at the sessions")
                continue
            for channel in list(self.channels.values()):
                if self.ended_sessions & set(channel.sessions.values()):
                    channel.wake()
