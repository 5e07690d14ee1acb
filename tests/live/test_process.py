"""The live process: many viewers of one view, each of whom sees versions rise and nothing else."""

import asyncio
import contextlib
import json
import re
import socket

import pytest

from incentives.live.process import streaming
from tests.live.stage import Stage, until


class Served(Stage):
    """The stage behind a port of its own."""

    @contextlib.asynccontextmanager
    async def open(self):
        async with streaming(self.hub, self.door, "127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            async with contextlib.AsyncExitStack() as self.clients:
                yield self
            await until(lambda: not self.hub.channels)

    async def ask(self, target="/live?ticket=ana", method="GET"):
        """What comes back."""
        return await self.send(f"{method} {target} HTTP/1.1\r\nhost: here\r\n\r\n".encode())

    async def send(self, said):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**25)
        self.clients.push_async_callback(writer.wait_closed)
        self.clients.callback(writer.close)
        writer.write(said)
        return reader

    async def ask_and_stop_reading(self, ticket):
        loop, idle = asyncio.get_running_loop(), socket.socket()
        self.clients.callback(idle.close)
        idle.setblocking(False)
        await loop.sock_connect(idle, ("127.0.0.1", self.port))
        said = f"GET /live?ticket={ticket} HTTP/1.1\r\nhost: here\r\n\r\n"
        await loop.sock_sendall(idle, said.encode())
        assert (await loop.sock_recv(idle, 12)) == b"HTTP/1.1 200"
        return idle


def played(scene, **how):
    async def play():
        async with Served(**how).open() as stage:
            await asyncio.wait_for(scene(stage), 30)

    asyncio.run(play())


async def version_in(reader):
    while True:
        line = (await reader.readuntil(b"\n")).decode()
        if line.startswith("data: {") and '"version"' in line:
            return json.loads(line.removeprefix("data: "))["version"]


def test_a_viewer_is_given_the_whole_board_first_and_then_each_newer_one():
    async def scene(stage):
        reader = await stage.ask()
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert head.startswith("HTTP/1.1 200 OK")
        assert "text/event-stream" in head
        assert re.fullmatch(r"retry: \d+\n", (await reader.readline()).decode())
        assert await version_in(reader) == 1
        for version in (2, 3):
            stage.publish(version)
            assert await version_in(reader) == version

    played(scene)


def test_the_version_a_viewer_sees_never_goes_back():
    async def scene(stage):
        reader = await stage.ask()
        assert await version_in(reader) == 1
        for version in (5, 3, 4, 6, 2, 7):
            stage.publish(version)
            await asyncio.sleep(0.01)
        seen = []
        while 7 not in seen:
            seen.append(await version_in(reader))
        assert seen == [5, 6, 7]

    played(scene)


def test_where_nothing_changes_there_is_a_sign_of_life():
    async def scene(stage):
        reader = await stage.ask()
        await version_in(reader)
        await reader.readuntil(b"event: ping\ndata: {}\n\n")

    played(scene, ping_seconds=0.05)


def test_five_hundred_who_come_back_at_once_cost_one_rendering_and_few_lookups(never_looks):
    async def scene(stage):
        readers = await asyncio.gather(*(stage.ask() for _ in range(500)))
        assert {await version_in(reader) for reader in readers} == {1}
        assert stage.renderings == 1
        assert stage.lookups < 25
        stage.publish(2)
        assert {await version_in(reader) for reader in readers} == {2}

    played(scene)


# Sixteen megabytes are more than the kernel takes for somebody who reads none of them.
MUCH = 16_000_000


def test_who_takes_nothing_is_let_go_and_the_others_do_not_wait_for_them():
    async def scene(stage):
        await stage.ask_and_stop_reading("idle")
        reader = await stage.ask()
        for version in range(1, 6):
            stage.publish(version)
            assert await version_in(reader) == version
        await until(lambda: list(stage.channel.sessions.values()) == ["ana"])

    played(scene, size=MUCH, slow_seconds=0.2, ping_seconds=0.1)


def test_who_was_behind_skips_to_the_newest():
    async def scene(stage):
        idle = await stage.ask_and_stop_reading("ana")
        for version in range(2, 10):
            stage.publish(version)
            await asyncio.sleep(0.02)
        came = b""
        while b'"version": 9' not in came:
            came += await asyncio.get_running_loop().sock_recv(idle, 2**20)
        assert re.findall(rb'"version": (\d+)', came) == [b"1", b"9"]

    played(scene, size=MUCH)


@pytest.mark.parametrize("ticket", ["forged", "signed-out"])
def test_a_foreign_or_ended_ticket_is_refused(ticket):
    async def scene(stage):
        stage.ended = {"signed-out"}
        answer = (await (await stage.ask(f"/live?ticket={ticket}")).read()).decode()
        assert answer.startswith("HTTP/1.1 403")
        assert "This stream is not open to you." in answer
        assert not stage.hub.channels

    played(scene)


def test_who_signs_out_loses_the_stream():
    async def scene(stage):
        ana = await stage.ask("/live?ticket=ana")
        ben = await stage.ask("/live?ticket=ben")
        assert (await version_in(ana), await version_in(ben)) == (1, 1)
        assert await ana.readline() == b"\n"
        stage.hub.ended_sessions = {"ana"}
        stage.channel.wake()
        assert await ana.read() == b""
        stage.publish(2)
        assert await version_in(ben) == 2
        assert list(stage.channel.sessions.values()) == ["ben"]

    played(scene)


def test_when_the_sessions_cannot_be_looked_up_viewers_are_asked_to_come_again():
    async def scene(stage):
        def broken(sessions):
            raise OSError("the database is away")

        working, stage.door._ended = stage.door._ended, broken
        assert (await (await stage.ask()).read()).startswith(b"HTTP/1.1 503")
        stage.door._ended = working
        reader = await stage.ask()
        assert await version_in(reader) == 1

    played(scene)


@pytest.mark.parametrize(
    ("target", "method", "status"),
    [("/", "GET", 404), ("/boards", "GET", 404), ("/live?ticket=ana", "POST", 405)],
)
def test_nothing_but_streams_is_served(target, method, status):
    async def scene(stage):
        answer = await (await stage.ask(target, method)).read()
        assert answer.startswith(f"HTTP/1.1 {status}".encode())

    played(scene)


def test_what_is_no_request_is_refused():
    async def scene(stage):
        reader = await stage.send(b"\x16\x03\x01 hello\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 400")

    played(scene)
