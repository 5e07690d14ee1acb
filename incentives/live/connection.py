"""One viewer's connection: a request read by h11, then nothing but events written."""

import asyncio
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import h11

from incentives.live.audience import Audience
from incentives.live.events import HEADERS

HEAD = (
    b"HTTP/1.1 200 OK\r\n"
    + b"".join(b"%s: %s\r\n" % header for header in HEADERS)
    + b"connection: close\r\n\r\n"
)
HEAD_SECONDS = 10.0


class Host(Protocol):
    def asked(self, connection: "Connection", ticket: str) -> None: ...

    def gone(self, connection: "Connection") -> None: ...


class Connection(asyncio.Protocol):
    """Held in thousands, so it keeps little: what reads the head goes with the head."""

    __slots__ = (
        "_head_deadline",
        "_host",
        "_reader",
        "audience",
        "behind_since",
        "seen",
        "transport",
    )

    def __init__(self, host: Host) -> None:
        self._host = host
        self._reader: h11.Connection | None = h11.Connection(h11.SERVER)
        self.behind_since: float | None = None
        self.audience: Audience | None = None
        self.seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        # Whatever the kernel does not take at once means: behind.
        transport.set_write_buffer_limits(high=0)
        loop = asyncio.get_running_loop()
        self._head_deadline: asyncio.TimerHandle | None = loop.call_later(HEAD_SECONDS, self.drop)

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_read()
        self._host.gone(self)

    def data_received(self, data: bytes) -> None:
        if self._reader is None:
            # Nobody who listens to events has anything more to say.
            self.drop()
            return
        try:
            self._reader.receive_data(data)
            request = self._reader.next_event()
        except h11.RemoteProtocolError:
            self.refuse("400 Bad Request", "This is not a request that can be read.")
            return
        if isinstance(request, h11.Request):
            self._head_is_read()
            self._answer(request)

    def pause_writing(self) -> None:
        self.behind_since = asyncio.get_running_loop().time()

    def resume_writing(self) -> None:
        self.behind_since = None
        if self.audience is not None:
            self.audience.catch_up(self)

    def open(self, data: bytes) -> None:
        self.write(HEAD + data)

    def write(self, data: bytes) -> None:
        self.transport.write(data)

    def end(self) -> None:
        self.transport.close()

    def drop(self) -> None:
        self.transport.abort()

    def is_gone(self) -> bool:
        return self.transport.is_closing()

    def refuse(self, status: str, sentence: str) -> None:
        self._head_is_read()
        head = (
            f"HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(sentence.encode())}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write((head + sentence).encode())
        self.transport.close()

    def _answer(self, request: h11.Request) -> None:
        address = urlsplit(request.target.decode("latin-1"))
        if address.path != "/live":
            self.refuse("404 Not Found", "Only live streams are served here.")
        elif request.method != b"GET":
            self.refuse("405 Method Not Allowed", "A live stream is asked for with GET.")
        else:
            self._host.asked(self, parse_qs(address.query).get("ticket", [""])[0])

    def _head_is_read(self) -> None:
        self._reader = None
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None
