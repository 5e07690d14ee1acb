"""A thousand open boards of the whole product while activities come in: from the POST until the
last screen has a state that contains it, beside the POST's own answer.

All processes of the product run beside the screens and the sender on the same processors. The k-th
change is on a screen when the version there says that k changes are contained.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
from sqlalchemy import create_engine, text

from benchmarks.fan_out import TooFewFiles, Viewers, room_for
from benchmarks.measure import Measure, compare
from benchmarks.workshop import Workshop
from incentives.live import tickets
from incentives.operations.sessions import sign_in
from tests.world import PASSWORD

SCREENS = 1_000
SECONDS = 10
# Activities a second, and how many come in one request.
LOADS = ((500, 1), (10_000, 100))
PEER = "the answer to the POST itself"

_BEGINS = re.compile(rb"id: (\d+)\n")
# Longer than the words an event begins with, which may come in two pieces.
TAIL = 24


def measures(workshop: Workshop) -> Iterator[Measure]:
    try:
        room_for(SCREENS)
    except TooFewFiles as reason:
        print(reason)
        return
    for a_second, batch in LOADS:
        seen, answered, rate = _under(workshop, a_second, batch)
        load = f"{a_second:,} activities/s in batches of {batch}"
        print(f"  {load}: {rate:,.0f} activities/s were taken, all are stored", flush=True)
        yield compare(
            f"POST to the last of {SCREENS:,} screens, {load}", "ms", seen, answered, PEER
        )
        most = [float(np.percentile(seen, 99))]
        yield compare(
            f"The same, 99 %, {load}", "ms", most, [float(np.percentile(answered, 99))], PEER
        )


def _under(workshop: Workshop, a_second: int, batch: int) -> tuple[list[float], list[float], float]:
    """Milliseconds to the last screen and to the answer, for each request; activities a second."""
    with Screens(workshop.service.port, _address(workshop)) as screens:
        screens.open(SCREENS, until=b"event: fragment")
        before, stored = _version(workshop, "wanted"), _stored(workshop)
        sending = [
            str(each) for each in (workshop.service.port, workshop.key, a_second, batch, SECONDS)
        ]
        sender = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.sender", *sending, *workshop.payees],
            stdout=subprocess.PIPE,
        )
        screens.watch(while_=lambda: sender.poll() is None)
        posts = json.loads(sender.stdout.read())
        wanted, taken = _version(workshop, "wanted"), len(posts) * batch
        assert _stored(workshop) - stored == taken, "what was taken must be stored"
        screens.watch(while_=lambda: not screens.all_have(wanted))
    # A request is one change of each payee in it, so the versions between are shared out evenly.
    ends = np.sort(np.array([answer for _, answer in posts]))
    sent = np.array([sent for sent, _ in sorted(posts, key=lambda post: post[1])])
    versions = before + (wanted - before) * np.arange(1, len(posts) + 1) / len(posts)
    seen = (screens.last_had(versions) - sent) * 1000
    rate = taken / (ends[-1] - sent.min())
    return list(seen), [(answer - sent) * 1000 for sent, answer in posts], float(rate)


class Screens(Viewers):
    """Connections that note when they had which version whole."""

    def __enter__(self) -> "Screens":
        self._had: dict[int, list[tuple[float, int]]] = {}
        self._coming: dict[int, int] = {}
        self._tail: dict[int, bytes] = {}
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def watch(self, *, while_: Callable[[], bool]) -> None:
        began = time.monotonic()
        while while_():
            for number in self._readable(began):
                self._read(number)

    def all_have(self, version: int) -> bool:
        return len(self._had) == len(self) and all(
            had[-1][1] >= version for had in self._had.values()
        )

    def last_had(self, versions: np.ndarray) -> np.ndarray:
        """When the last screen had each version, or a newer one."""
        last = np.zeros(len(versions))
        for had in self._had.values():
            times, known = (np.array(column) for column in zip(*had, strict=True))
            last = np.maximum(last, times[np.searchsorted(known, versions)])
        return last

    def _read(self, number: int) -> None:
        try:
            size = self._sockets[number].recv_into(self._room)
        except BlockingIOError:
            return
        if not size:
            raise ConnectionError("A screen was sent away.")
        came, told = self._tail.get(number, b"") + bytes(self._view[:size]), 0
        for begins in _BEGINS.finditer(came):
            if number in self._coming:
                self._note(number)
            self._coming[number], told = int(begins[1]), begins.end()
        if number in self._coming and b"\n\n" in came[-8:]:
            self._note(number)
        # Never what was told already: it would be heard twice.
        self._tail[number] = came[max(told, len(came) - TAIL) :]

    def _note(self, number: int) -> None:
        version = self._coming.pop(number)
        self._had.setdefault(number, []).append((time.monotonic(), version))


def _version(workshop: Workshop, column: str) -> int:
    return _number(workshop, f"SELECT sum({column}) FROM marker")


def _stored(workshop: Workshop) -> int:
    return _number(workshop, "SELECT count(*) FROM activity")


def _number(workshop: Workshop, query: str) -> int:
    with create_engine(f"sqlite:///{workshop.database}").connect() as connection:
        return int(connection.scalar(text(query)))


def _address(workshop: Workshop) -> str:
    """A ticket to the board as a rep sees it, for somebody who is signed in."""
    app = workshop.world.app
    with app.app_context():
        token, _ = sign_in("person@example.com", PASSWORD, now=workshop.world.now)
        return tickets.issue("board", {"slug": "revenue", "as": "rep"}, token=token)
