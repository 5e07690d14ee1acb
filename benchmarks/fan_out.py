"""Many viewers of one stream in this process, on one epoll, so that they cost little themselves.

A viewer is served when the last words of a state are in.
"""

import contextlib
import resource
import select
import socket
import time
from collections.abc import Callable, Iterator

# So many connections are being opened at a time.
OPENING = 200
PATIENCE_SECONDS = 240.0
# Longer than the words a state ends with: they may come in two pieces.
KEPT = 64


class TooFewFiles(Exception):
    """This process may not open as many connections as it was asked to."""


class Viewers:
    """Connections to `port`, each of which has asked for `path`."""

    def __init__(self, port: int, path: str) -> None:
        self._address = ("127.0.0.1", port)
        self._request = (
            f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n\r\n"
        ).encode()
        self._epoll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._room = bytearray(256 * 1024)
        self._view = memoryview(self._room)

    def __len__(self) -> int:
        return len(self._sockets)

    def open(self, many: int, *, until: bytes) -> float:
        """Until each has been sent `until`; the seconds it took."""
        began = time.monotonic()
        waiting: set[int] = set()
        left = many
        ends: dict[int, bytes] = {}
        while left or waiting:
            while left and len(waiting) < OPENING:
                waiting.add(self._connect())
                left -= 1
            for number in self._readable(began):
                if number in waiting and self._has(number, until, ends):
                    waiting.discard(number)
        return time.monotonic() - began

    def served(self, publish: Callable[[], None], words: bytes) -> list[float]:
        """Milliseconds from the call of `publish` until each viewer had `words`, sorted."""
        waiting = set(self._sockets)
        ends: dict[int, bytes] = {}
        taken: list[float] = []
        began = time.monotonic()
        publish()
        while waiting:
            for number in self._readable(began):
                if number in waiting and self._has(number, words, ends):
                    waiting.discard(number)
                    taken.append((time.monotonic() - began) * 1000)
        return taken

    def close(self) -> None:
        for viewer in self._sockets.values():
            viewer.close()
        self._epoll.close()

    def _connect(self) -> int:
        viewer = socket.create_connection(self._address, timeout=PATIENCE_SECONDS)
        viewer.sendall(self._request)
        viewer.setblocking(False)
        self._sockets[viewer.fileno()] = viewer
        self._epoll.register(viewer.fileno(), select.EPOLLIN)
        return viewer.fileno()

    def _readable(self, began: float) -> Iterator[int]:
        if time.monotonic() - began > PATIENCE_SECONDS:
            raise TimeoutError(
                f"Not all of {len(self)} viewers were served in {PATIENCE_SECONDS:.0f} s."
            )
        for number, _ in self._epoll.poll(0.5, 1024):
            yield number

    def _has(self, number: int, words: bytes, ends: dict[int, bytes]) -> bool:
        """Read what is there; whether the words are in it, or in it with what came before."""
        try:
            size = self._sockets[number].recv_into(self._room)
        except BlockingIOError:
            return False
        if not size:
            raise ConnectionError("A viewer was sent away.")
        before = ends.pop(number, b"")
        if before:
            if words in before + self._view[:size]:
                return True
        elif self._room.find(words, 0, size) >= 0:
            return True
        ends[number] = (before + self._view[max(0, size - KEPT) : size])[-KEPT:]
        return False


@contextlib.contextmanager
def viewers(port: int, path: str) -> Iterator[Viewers]:
    here = Viewers(port, path)
    try:
        yield here
    finally:
        here.close()


def as_many_files_as_allowed() -> int:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def room_for(many: int) -> None:
    """Raises TooFewFiles, in words, where so many connections cannot be opened."""
    most = as_many_files_as_allowed()
    if most < many + 200:
        raise TooFewFiles(
            f"{many:,} viewers need as many open files, and this user may open {most:,}: raise the "
            f"limit (ulimit -n {many + 200}, or LimitNOFILE in systemd), or ask for fewer viewers."
        )
