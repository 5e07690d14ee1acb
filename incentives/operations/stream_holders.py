"""Who may hold a stream: a signed-in browser, or a wall screen whose link is still good."""

from collections.abc import Collection
from datetime import datetime

from incentives.operations.sessions import ended_sessions
from incentives.store.wall_screens import open_screens

# Before the hash of a screen's token, to tell it from a session.
SCREEN = "screen "


def ended_holders(holders: Collection[str], *, now: datetime) -> set[str]:
    """Which of these have signed out, been disabled, or had their link revoked."""
    screens = {holder for holder in holders if holder.startswith(SCREEN)}
    still_open = open_screens([holder.removeprefix(SCREEN) for holder in screens])
    ended = {holder for holder in screens if holder.removeprefix(SCREEN) not in still_open}
    return ended | ended_sessions(set(holders) - screens, now=now)
