"""Streams in the web process: the same audience writes through the ASGI server."""

import asyncio
import contextlib
import re

import pytest

from incentives.live.asgi import stream
from incentives.live.served import at_work
from tests.live.stage import BOARD, Stage, until


class Client:
    """One request to /live, and what came back. A client that is `stuck` takes nothing more."""

    def __init__(self, stage, ticket="ana", method="GET"):
        self.came, self.stuck = [], asyncio.Event()
        self.stuck.set()
        self._left = asyncio.Event()
        query = f"ticket={ticket}".encode()
        scope = {"type": "http", "path": "/live", "method": method, "query_string": query}
        self.served = asyncio.create_task(stream(stage.door, scope, self._receive, self._send))

    async def _receive(self):
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        assert not self.is_over, "nothing may follow the end"
        await self.stuck.wait()
        self.came.append(message)
        if self.is_over:
            self._left.set()

    @property
    def is_over(self):
        return bool(self.came[1:]) and not self.came[-1].get("more_body")

    @property
    def status(self):
        return self.came[0]["status"] if self.came else None

    @property
    def text(self):
        return b"".join(message["body"] for message in self.came[1:]).decode()

    @property
    def versions(self):
        return [int(number) for number in re.findall(r'"version": (\d+)', self.text)]

    async def leave(self):
        self._left.set()
        await self.served

    async def sees(self, version):
        await until(lambda: version in self.versions)


def played(scene, **how):
    async def play():
        stage = Stage(**how)
        async with at_work(stage.hub, stage.door), asyncio.timeout(30):
            await scene(stage)

    asyncio.run(play())


def test_a_viewer_is_given_the_whole_board_first_and_then_each_newer_one():
    async def scene(stage):
        ana = Client(stage)
        await ana.sees(1)
        assert ana.status == 200
        assert (b"cache-control", b"no-store") in ana.came[0]["headers"]
        assert re.match(r"retry: \d+\n\n", ana.text)
        for version in (2, 3):
            stage.publish(version)
            await ana.sees(version)
        assert ana.versions == [1, 2, 3]
        await ana.leave()
        assert not stage.hub.channels

    played(scene)


def test_who_is_behind_skips_to_the_newest_and_nobody_waits_for_them():
    async def scene(stage):
        slow, ana = Client(stage), Client(stage)
        await slow.sees(1)
        await ana.sees(1)
        slow.stuck.clear()
        for version in range(2, 10):
            stage.publish(version)
            await ana.sees(version)
        slow.stuck.set()
        await slow.sees(9)
        # The second was under way when they fell behind.
        assert slow.versions == [1, 2, 9]

    played(scene)


def test_who_takes_nothing_is_let_go():
    async def scene(stage):
        slow, ana = Client(stage), Client(stage, "ben")
        await slow.sees(1)
        await ana.sees(1)
        slow.stuck.clear()
        stage.publish(2)
        await asyncio.wait_for(slow.served, 10)
        assert list(stage.channel.sessions.values()) == ["ben"]
        stage.publish(3)
        await ana.sees(3)

    played(scene, slow_seconds=0.05, ping_seconds=0.02)


def test_who_signs_out_loses_the_stream_and_is_told_nothing_more():
    async def scene(stage):
        ana, ben = Client(stage, "ana"), Client(stage, "ben")
        await ana.sees(1)
        await ben.sees(1)
        stage.hub.ended_sessions = {"ana"}
        for version in (2, 3):
            stage.publish(version)
            await ben.sees(version)
        await ana.served
        assert ana.is_over
        assert ana.versions == [1]
        assert list(stage.channel.sessions.values()) == ["ben"]

    played(scene)


@pytest.mark.parametrize(
    ("ticket", "method", "status"),
    [("forged", "GET", 403), ("signed-out", "GET", 403), ("ana", "POST", 405)],
)
def test_who_may_not_watch_is_refused(ticket, method, status):
    async def scene(stage):
        stage.ended = {"signed-out"}
        client = Client(stage, ticket, method)
        await client.served
        assert client.status == status
        assert client.is_over
        assert not stage.hub.channels

    played(scene)


def test_a_board_that_is_slow_to_draw_holds_up_nobody_who_wants_another():
    async def scene(stage):
        slow = [Client(stage, f"slow-{number}") for number in range(3)]
        await until(lambda: stage.renderings == 1)
        ana = Client(stage, "ana")
        await ana.sees(1)
        assert not any(client.came for client in slow)
        stage.drawn.set()
        for client in slow:
            await client.sees(1)
        assert stage.renderings == 2

    played(scene)


def test_who_leaves_before_they_are_let_in_is_not_missed():
    async def scene(stage):
        hasty = Client(stage)
        await hasty.leave()
        ana = Client(stage, "ana")
        await ana.sees(1)
        assert not hasty.came
        assert list(stage.channel.sessions.values()) == ["ana"]

    played(scene)


def test_two_thousand_who_come_back_at_once_cost_one_rendering_and_few_lookups(never_looks):
    async def scene(stage):
        clients = [Client(stage, f"session-{number}") for number in range(2_000)]
        for client in clients:
            await client.sees(1)
        assert stage.renderings == 1
        # 500 at a time are looked up together.
        assert stage.lookups <= 2_000 / 500 + 1
        stage.publish(2)
        for client in clients:
            await client.sees(2)
            await client.leave()
        assert not stage.hub.channels

    played(scene)


def test_a_task_that_is_cancelled_from_outside_ends():
    async def scene(stage):
        ana = Client(stage)
        await ana.sees(1)
        ana.served.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ana.served
        assert ana.served.cancelled()
        assert BOARD not in stage.hub.channels

    played(scene)
