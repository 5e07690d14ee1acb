"""A hub whose board is at a version, for whoever watches it."""

import asyncio
import threading

from incentives.live.door import Door
from incentives.live.hub import Hub
from incentives.live.tickets import Ticket
from incentives.live.views import Fragment, View

BOARD = View.of("board", {"slug": "revenue"})
SLOW_BOARD = View.of("board", {"slug": "slow"})


class Stage:
    """A hub whose board is at a version, and a door that takes a session's name for a ticket. A
    name that begins with "slow" is for a board that is not drawn before `drawn` is set."""

    def __init__(self, *, slow_seconds=30.0, ping_seconds=10.0, size=0):
        self.version, self.size = 1, size
        self.ended, self.renderings, self.lookups = set(), 0, 0
        self.drawn = threading.Event()
        self.hub = Hub(
            render=self.render, version=lambda: self.version, ended=self.over, redis_url=None
        )
        self.door = Door(
            self.hub,
            read=self.read,
            ended=self.over,
            ping_seconds=ping_seconds,
            slow_seconds=slow_seconds,
        )

    def read(self, given):
        view = SLOW_BOARD if given.startswith("slow") else BOARD
        return None if given == "forged" else Ticket(view, given)

    def render(self, view):
        self.renderings += 1
        if view == SLOW_BOARD:
            assert self.drawn.wait(20)
        return Fragment(self.version, f"board {self.version}" + "x" * self.size)

    def over(self, sessions):
        self.lookups += 1
        return set(sessions) & self.ended

    def publish(self, version):
        self.version = version
        self.channel.publish(self.render(BOARD))

    @property
    def channel(self):
        return self.hub.channels[BOARD]


async def until(holds):
    while not holds():
        await asyncio.sleep(0.01)
