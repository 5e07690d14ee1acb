"""The application as its streams see it: what a hub renders, which version there is, whose sessions
are over. Every call is run in a thread and holds no database session between two."""

from collections.abc import Collection, Hashable

from flask import Flask

from incentives.clock import now
from incentives.live.hub import Hub
from incentives.live.views import Fragment, View, live_views
from incentives.operations.board_snapshots import stamp
from incentives.operations.stream_holders import ended_holders

PATH = "/live"


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


def ended_sessions(app: Flask, sessions: Collection[str]) -> set[str]:
    """Those of the sessions that are over now."""
    with app.app_context():
        return ended_holders(sessions, now=now())
