"""The hub: who comes while a view is being rendered waits for that rendering."""

import asyncio
import threading

import pytest

from incentives.live.hub import Hub
from incentives.live.views import Fragment, View

BOARD = View.of("board", {"slug": "revenue"})


class Rendering:
    """A rendering that takes until it is let go."""

    def __init__(self):
        self.times, self.fails = 0, False
        self.may_end = threading.Event()

    def __call__(self, view):
        self.times += 1
        self.may_end.wait(5)
        if self.fails:
            raise RuntimeError("The database is away.")
        return Fragment(1, "board")


def hub_with(rendering):
    return Hub(render=rendering, version=lambda: 1, ended=lambda sessions: set(), redis_url=None)


async def many_join(hub, number):
    joining = [asyncio.create_task(hub.join(BOARD, viewer, "s")) for viewer in range(number)]
    await asyncio.sleep(0.05)
    return joining


def test_three_hundred_who_come_before_the_first_fragment_cost_one_rendering():
    async def scene():
        rendering = Rendering()
        joining = await many_join(hub_with(rendering), 300)
        rendering.may_end.set()
        channels = await asyncio.gather(*joining)
        assert rendering.times == 1
        assert {channel.fragment.html for channel in channels} == {"board"}

    asyncio.run(scene())


def test_who_leaves_while_it_is_rendered_takes_it_from_nobody():
    async def scene():
        rendering = Rendering()
        first, second = await many_join(hub_with(rendering), 2)
        first.cancel()
        await asyncio.sleep(0)
        rendering.may_end.set()
        assert (await second).fragment.html == "board"
        assert rendering.times == 1

    asyncio.run(scene())


def test_a_rendering_that_failed_is_tried_again_by_who_comes_next():
    async def scene():
        rendering = Rendering()
        rendering.fails = True
        rendering.may_end.set()
        hub = hub_with(rendering)
        for _ in range(2):
            with pytest.raises(RuntimeError, match="database is away"):
                await hub.join(BOARD, "early", "s")
        rendering.fails = False
        assert (await hub.join(BOARD, "late", "s")).fragment.html == "board"
        assert rendering.times == 3

    asyncio.run(scene())
