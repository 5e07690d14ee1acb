"""Eight clients that send activities over HTTP as a careful program does: whatever is not answered
with 2xx is sent again, the same, until it is. Each keeps a book of what was acknowledged."""

import http.client
import json
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tests.faults.figures import CODES, LONG_AGO

PRODUCTS = ("GTX Basic", "GTX Pro", "MG Advanced", "GTK 500")
# A client that got no answer waits for a moment; no longer than this where it is told how long.
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 2.0
# When the load ends, what is on its way is still sent for so long.
PATIENCE_SECONDS = 30.0
# gunicorn ends a connection on which nothing was said for two seconds: a client is quicker.
KEPT_SECONDS = 1.0

Activity = dict[str, Any]


class Try(NamedTuple):
    """Sent at a moment of time.monotonic(); status 0 where no answer came."""

    at: float
    seconds: float
    status: int
    says_when_again: bool


@dataclass
class Answers:
    """What clients were answered, each try by itself."""

    tries: list[Try] = field(default_factory=list)

    @property
    def failures(self) -> list[int]:
        """The statuses of tries that were answered with a server error."""
        return [each.status for each in self.tries if each.status >= 500]

    @property
    def not_put_off(self) -> list[int]:
        """Of those, all but a 503 that says when to come again."""
        return [
            each.status
            for each in self.tries
            if each.status >= 500 and not (each.status == 503 and each.says_when_again)
        ]

    @property
    def unanswered(self) -> int:
        return sum(each.status == 0 for each in self.tries)

    @property
    def taken_a_second(self) -> float:
        """Requests answered with success, from the first to the last that was sent."""
        if len(self.tries) < 2:
            return 0.0
        sent = [each.at for each in self.tries]
        return sum(200 <= each.status < 300 for each in self.tries) / (max(sent) - min(sent))

    def percentile(self, part: int) -> float:
        """The seconds within which so many per cent of all tries were answered."""
        seconds = sorted(each.seconds for each in self.tries) or [0.0]
        return seconds[min(len(seconds) - 1, len(seconds) * part // 100)]

    def between(self, begun: float, ended: float) -> "Answers":
        """Those to what was sent between two moments."""
        return Answers([each for each in self.tries if begun <= each.at < ended])


class Client(threading.Thread):
    """Sends `per_second` activities until told to stop; what it could not send in time it sends as
    fast as it can where it `catches_up`, or else never. `book` is the file of what it was
    acknowledged: one JSON object a line, the newest about an activity last."""

    # One that is told what to send gives up after so long; a load goes on until it is ended.
    gives_up = False

    def __init__(self, port: int, key: str, name: str, book: Path, chance: random.Random) -> None:
        super().__init__(name=name, daemon=True)
        self.answers = Answers()
        # The moment of time.monotonic() at which the next is to be sent.
        self.due = 0.0
        self.per_second = 0.0
        self.at_once = 1
        self.catches_up = False
        self._port, self._key, self._book, self._chance = port, key, book, chance
        self._connection: http.client.HTTPConnection | None = None
        self._sent: list[Activity] = []
        self._told_at: float | None = None
        self._told = threading.Event()
        self._used_at = 0.0

    def run(self) -> None:
        self.due = time.monotonic()
        while not self._told.is_set():
            self.send(self._another() if self.at_once == 1 else self._several())
            self.due += self.at_once / self.per_second
            if not self.catches_up:
                self.due = max(self.due, time.monotonic())
            self._told.wait(self.due - time.monotonic())
        self.close()

    def end(self) -> None:
        self._told_at = time.monotonic()
        self._told.set()

    def send(
        self, activity: Activity | Sequence[Activity], *, key: str | None = None
    ) -> int | None:
        """Send it until it is acknowledged, under an Idempotency-Key where there is one; returns
        the last status, None where none came."""
        begun = time.monotonic() if self.gives_up else None
        while True:
            status, wait = self.post(activity, key=key)
            if status and status < 300:
                self._note(activity, sure=True)
                return status
            assert status in (0, 409, 429) or status >= 500, f"refused with {status}: {activity}"
            since = begun if self._told_at is None else self._told_at
            if since is not None and time.monotonic() - since > PATIENCE_SECONDS:
                # It may be stored or not; both are right.
                self._note(activity, sure=False)
                return status or None
            time.sleep(wait)

    def send_all(self, activities: Sequence[Activity]) -> None:
        for activity in activities:
            self.send(activity)

    def send_at_once(self, activities: Sequence[Activity]) -> None:
        """All of them in one request, which must be taken."""
        status, _ = self.post(activities)
        assert status == 200, f"a batch was answered with {status}"
        self._note(activities, sure=True)

    def post(
        self, activity: Activity | Sequence[Activity], *, key: str | None = None
    ) -> tuple[int, float]:
        """One try: the status, 0 where no answer came, and how long to wait before another."""
        begun = time.monotonic()
        if begun - self._used_at > KEPT_SECONDS:
            self.close()
        self._used_at = begun
        wait, status, again = PAUSE_SECONDS, 0, None
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
            headers = {
                "Authorization": f"Bearer {self._key}",
                "Content-Type": "application/json",
                **({"Idempotency-Key": key} if key else {}),
            }
            self._connection.request("POST", "/api/v1/activities", json.dumps(activity), headers)
            answer = self._connection.getresponse()
            answer.read()
            status = answer.status
            again = answer.headers.get("Retry-After")
            wait = min(float(again or wait), LONGEST_PAUSE_SECONDS)
        except (OSError, http.client.HTTPException):
            self.close()
        self.answers.tries.append(Try(begun, time.monotonic() - begun, status, again is not None))
        return status, wait

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _another(self) -> Activity:
        """Mostly a new deal; sometimes one of its own again, with another amount or cancelled."""
        draw = self._chance.random()
        if self._sent and draw < 0.15:
            place = self._chance.randrange(len(self._sent))
            again = {**self._sent[place], "amount": self._amount(), "changed_at": _now()}
            again["reversed"] = draw < 0.05
            self._sent[place] = again
            return again
        fresh = new_deal(self.name, f"{len(self._sent)}", self._chance, amount=self._amount())
        self._sent.append(fresh)
        return fresh

    def _several(self) -> list[Activity]:
        """The newest of each."""
        said = [self._another() for _ in range(self.at_once)]
        return list({activity["external_id"]: activity for activity in said}.values())

    def _amount(self) -> str:
        return whole_amount(self._chance)

    def _note(self, said: Activity | Sequence[Activity], *, sure: bool) -> None:
        for activity in [said] if isinstance(said, dict) else said:
            note(self._book, activity, sure=sure)


def note(book: Path, activity: Activity, *, sure: bool = True) -> None:
    with open(book, "a") as file:
        file.write(json.dumps({**activity, "sure": sure}) + "\n")


def new_deal(
    source: str,
    external_id: str,
    chance: random.Random,
    *,
    amount: str | None = None,
    payee: str | None = None,
) -> Activity:
    """A won deal of the last twenty days, or late by months, in one that is locked; every fourth
    one is shared in halves."""
    one, other = chance.sample(CODES, 2)
    shared = payee is None and chance.random() < 0.25
    who: Activity = {"payee": payee or one}
    if shared:
        who = {"shares": [{"payee": name, "percent": "50"} for name in (one, other)]}
    at = datetime.now(UTC) - timedelta(minutes=chance.randrange(20 * 24 * 60))
    if chance.random() < 0.03:
        at = datetime.now(UTC) - LONG_AGO
    return {
        "source": source,
        "external_id": external_id,
        "kind": "deal_won",
        "amount": amount or whole_amount(chance),
        "currency": "USD",
        "occurred_at": at.isoformat(),
        "attributes": {"product": chance.choice(PRODUCTS)},
        "reversed": False,
        # What waited too long to be answered may come in after what was sent later.
        "changed_at": _now(),
        **who,
    }


def _now() -> str:
    return datetime.now(UTC).isoformat()


def whole_amount(chance: random.Random) -> str:
    """Of which a half is whole and every rate of the plan gives whole cents: sums are exact."""
    return str(chance.randrange(1, 320) * 20)


class Load:
    """All clients together. `name` makes the ids of this load its own."""

    def __init__(
        self, port: int, keys: Sequence[str], books: Path, name: str, chance: random.Random
    ) -> None:
        self.clients = [
            Client(
                port,
                key,
                f"{name}-{number}",
                books / f"{name}-{number}.jsonl",
                random.Random(chance.random()),
            )
            for number, key in enumerate(keys)
        ]

    def begin(self, per_second: float, at_once: int = 1, *, catches_up: bool = False) -> None:
        """Activities a second, so many in a request."""
        for client in self.clients:
            client.at_once, client.catches_up = at_once, catches_up
            client.per_second = per_second / len(self.clients)
            client.start()

    def set_rate(self, per_second: float) -> None:
        for client in self.clients:
            client.per_second = per_second / len(self.clients)

    def end(self) -> None:
        for client in self.clients:
            client.end()
        for client in self.clients:
            if client.ident is not None:
                client.join()

    @property
    def seconds_behind(self) -> float:
        """How late the latest client is with what it is to send."""
        return time.monotonic() - min(client.due for client in self.clients)

    @property
    def answers(self) -> Answers:
        return Answers([each for client in self.clients for each in client.answers.tries])
