"""The application as its streams see it: what a hub renders, which version there is, whose sessions
are over. Every call is run in a thread and holds no database session between two."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Collection, Hashable

from flask import Flask

from incentives.clock import now
from incentives.live import tickets
from incentives.live.door import Door
from incentives.live.hub import Hub
from incentives.live.views import Fragment, View, live_views
from incentives.operations.board_snapshots import stamp
from incentives.operations.stream_holders import ended_holders

PATH = "/live"
PING_SECONDS = 10.0
# Who takes nothing for so long is let go; the browser comes back by itself.
SLOW_SECONDS = 30.0


def hub_of(app: Flask) -> Hub:
    """A hub of its own over the application; whoever serves it starts and stops it."""

    def render(view: View) -> Fragment:
        # A request of nobody's: addresses can be built, and nothing personal is at hand.
        with app.test_request_context(PATH):
            return live_views.render(view)

    def version() -> Hashable:
        # A minute is a change, too: contests begin and end, announcements run out.
        with app.app_context():
            return stamp(), now().replace(second=0, microsecond=0)

    def ended(sessions: Collection[str]) -> set[str]:
        return ended_sessions(app, sessions)

    return Hub(render=render, version=version, ended=ended, redis_url=app.config["REDIS_URL"])


def door_of(app: Flask, hub: Hub) -> Door:
    return Door(
        hub,
        read=lambda ticket: tickets.read(ticket, str(app.secret_key)),
        ended=lambda sessions: ended_sessions(app, sessions),
        ping_seconds=PING_SECONDS,
        slow_seconds=SLOW_SECONDS,
    )


@contextlib.asynccontextmanager
async def at_work(hub: Hub, door: Door) -> AsyncIterator[None]:
    """Viewers are let in and written to meanwhile; at the end they are let go."""
    # The application stays as it is: looking through it for garbage would hold up a publish.
    gc.freeze()
    await hub.start()
    letting_in = asyncio.create_task(door.serve())
    try:
        yield
    finally:
        letting_in.cancel()
        door.close()
        await hub.stop()


def ended_sessions(app: Flask, sessions: Collection[str]) -> set[str]:
    """Those of the sessions that are over now."""
    with app.app_context():
        return ended_holders(sessions, now=now())
