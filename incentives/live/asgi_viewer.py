"""One viewer's stream in the web process: their audience writes to them through the ASGI server."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from incentives.live.audience import Audience
from incentives.live.events import HEADERS

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class AsgiViewer:
    """The server waits with what is sent where the viewer has not taken what came before."""

    __slots__ = (
        "_handler",
        "_is_over",
        "_send",
        "_writing",
        "audience",
        "behind_since",
        "seen",
    )

    def __init__(self, send: Send) -> None:
        self._send = send
        self._handler = asyncio.current_task()
        self._writing: asyncio.Task[None] | None = None
        self._is_over = False
        self.audience: Audience | None = None
        self.behind_since: float | None = None
        self.seen = b""

    async def until_gone(self, receive: Receive) -> None:
        """Until they leave, or were let go."""
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            if not self._is_over:
                raise
        finally:
            self._is_over = True

    def is_gone(self) -> bool:
        return self._is_over

    def open(self, data: bytes) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": HEADERS}
        self._give(start, _body(data, more=True))

    def write(self, data: bytes) -> None:
        self._give(_body(data, more=True))

    def refuse(self, status: str, sentence: str) -> None:
        head = [(b"content-type", b"text/plain; charset=utf-8")]
        start = {"type": "http.response.start", "status": int(status[:3]), "headers": head}
        self._give(start, _body(sentence.encode(), more=False))
        self._is_over = True

    def end(self) -> None:
        if not self._is_over:
            self._give(_body(b"", more=False))
            self._is_over = True

    def drop(self) -> None:
        """The server closes the connection of a stream that was given up."""
        self._is_over = True
        if self._writing is not None:
            self._writing.cancel()
        if self._handler is not None:
            self._handler.cancel()

    def _give(self, *messages: Message) -> None:
        loop = asyncio.get_running_loop()
        self.behind_since = loop.time()
        self._writing = loop.create_task(self._given(messages))

    async def _given(self, messages: tuple[Message, ...]) -> None:
        try:
            for message in messages:
                await self._send(message)
        except OSError:
            # They are gone; the server tells their handler.
            return
        if not self._is_over:
            self.behind_since = None
            if self.audience is not None:
                self.audience.catch_up(self)


def _body(data: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}
