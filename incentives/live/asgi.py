"""Puts the streams beside the pages: one ASGI application, one loop, no session held meanwhile."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from a2wsgi import WSGIMiddleware
from flask import Flask

from incentives.live.asgi_viewer import AsgiViewer, Receive, Send
from incentives.live.door import Door
from incentives.live.hub import Hub
from incentives.live.served import PATH, at_work, door_of, hub_of

Scope = MutableMapping[str, Any]
ASGI = Callable[[Scope, Receive, Send], Awaitable[None]]

THREADS = 24


def with_streams(app: Flask) -> ASGI:
    """The application with its streams under /live."""
    pages = WSGIMiddleware(app, workers=THREADS)  # type: ignore[arg-type]
    hub = hub_of(app)
    door = door_of(app, hub)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live_and_end(hub, door, receive, send)
        elif scope["type"] == "http" and scope["path"] == PATH:
            await stream(door, scope, receive, send)
        elif scope["type"] == "http":
            # A page that waits for its upload leaves its context, and in it who was signed in, to
            # the connection. What comes next on the connection begins with an empty one.
            page = pages(scope, receive, send)  # type: ignore[arg-type]
            await asyncio.create_task(page, context=contextvars.Context())

    return serve


async def _live_and_end(hub: Hub, door: Door, receive: Receive, send: Send) -> None:
    assert (await receive())["type"] == "lifespan.startup"
    async with at_work(hub, door):
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def stream(door: Door, scope: Scope, receive: Receive, send: Send) -> None:
    viewer = AsgiViewer(send)
    if scope["method"] == "GET":
        query = parse_qs(scope["query_string"].decode("latin-1"))
        door.asked(viewer, query.get("ticket", [""])[0])
    else:
        viewer.refuse("405 Method Not Allowed", "A live stream is asked for with GET.")
    try:
        await viewer.until_gone(receive)
    finally:
        door.gone(viewer)
