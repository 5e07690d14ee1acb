"""Streams in a process of their own, straight on transports: for many thousands of viewers.

Serves what the web process serves under /live, for a web server in front to send there. Settings
and tickets are the same, so viewers may be moved from one to the other at any moment.
"""

import asyncio
import contextlib
import resource
import signal
from collections.abc import AsyncIterator
from functools import partial

from flask import Flask

from incentives.live.connection import Connection
from incentives.live.door import Door
from incentives.live.hub import Hub
from incentives.live.served import at_work, door_of, hub_of

# Connections that came in at once and are not yet accepted; the kernel has a limit of its own.
BACKLOG = 4096


async def serve(app: Flask, host: str, port: int) -> None:
    """Until SIGTERM or SIGINT."""
    _as_many_files_as_allowed()
    asked_to_end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_end.set)
    hub = hub_of(app)
    async with streaming(hub, door_of(app, hub), host, port):
        await asked_to_end.wait()


@contextlib.asynccontextmanager
async def streaming(hub: Hub, door: Door, host: str, port: int) -> AsyncIterator[asyncio.Server]:
    loop = asyncio.get_running_loop()
    async with at_work(hub, door):
        server = await loop.create_server(partial(Connection, door), host, port, backlog=BACKLOG)
        try:
            yield server
        finally:
            server.close()


def _as_many_files_as_allowed() -> None:
    """Every viewer holds a descriptor, and many systems begin with 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
