"""Puts the streams beside the pages: one ASGI application, one loop, no session held meanwhile."""

import asyncio
import contextvars
import json
import logging
import random
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from a2wsgi import WSGIMiddleware
from flask import Flask

from incentives.live import tickets
from incentives.live.hub import Channel, Hub
from incentives.live.served import PATH, ended_sessions, hub_of
from incentives.live.tickets import Ticket
from incentives.live.views import Fragment

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGI = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger(__name__)

THREADS = 24
PING_SECONDS = 10.0
# Who takes nothing for so long is let go; the browser comes back by itself.
SLOW_SECONDS = 30.0

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


def with_streams(app: Flask) -> ASGI:
    """The application with its streams under /live."""
    pages = WSGIMiddleware(app, workers=THREADS)  # type: ignore[arg-type]
    hub = hub_of(app)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live_and_end(hub, receive, send)
            return
        # A page that waits for its upload leaves its context, and in it who was signed in, to the
        # connection. What comes next on the connection begins with an empty one.
        await asyncio.create_task(answer(scope, receive, send), context=contextvars.Context())

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH:
            await _stream(app, hub, scope, receive, send)
        elif scope["type"] == "http":
            await pages(scope, receive, send)  # type: ignore[arg-type]

    return serve


async def _live_and_end(hub: Hub, receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await hub.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _stream(app: Flask, hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
    ticket = await asyncio.to_thread(_admit, app, scope)
    if ticket is None or scope["method"] != "GET":
        await send({"type": "http.response.start", "status": 403, "headers": []})
        await send({"type": "http.response.body", "body": b"This stream is not open to you."})
        return
    viewer = object()
    try:
        channel = await hub.join(ticket.view, viewer, ticket.session)
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        writing = asyncio.create_task(_write(hub, channel, ticket, send))
        leaving = asyncio.create_task(_left(receive))
        done, pending = await asyncio.wait((writing, leaving), return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for task in done:
            if task.exception() and not isinstance(task.exception(), (OSError, TimeoutError)):
                log.error("A stream broke off", exc_info=task.exception())
    finally:
        hub.leave(ticket.view, viewer)


def _admit(app: Flask, scope: Scope) -> Ticket | None:
    given = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
    ticket = tickets.read(given, str(app.secret_key))
    if ticket is None:
        return None
    return None if ended_sessions(app, [ticket.session]) else ticket


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(hub: Hub, channel: Channel, ticket: Ticket, send: Send) -> None:
    """The whole fragment first, then each newer one; a sign of life where there is none."""
    # Spread out, so that a restarted server is not met by everybody at once.
    await _send(send, f"retry: {random.randint(500, 2500)}\n\n")  # noqa: S311  no secret
    seen: Fragment | None = None
    while ticket.session not in hub.ended_sessions:
        changed = channel.changed
        if channel.fragment is not None and channel.fragment is not seen:
            seen = channel.fragment
            await _send(send, event(seen))
            continue
        try:
            await asyncio.wait_for(changed.wait(), PING_SECONDS)
        except TimeoutError:
            await _send(send, "event: ping\ndata: {}\n\n")
    await send({"type": "http.response.body", "body": b""})


def event(fragment: Fragment) -> str:
    """A server-sent event. JSON keeps every line break inside one data line."""
    data = json.dumps({"version": fragment.version, "html": fragment.html})
    return f"event: fragment\nid: {fragment.version}\ndata: {data}\n\n"


async def _send(send: Send, text: str) -> None:
    body = {"type": "http.response.body", "body": text.encode(), "more_body": True}
    await asyncio.wait_for(send(body), SLOW_SECONDS)
