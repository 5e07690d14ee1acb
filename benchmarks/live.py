"""Ten thousand viewers of one board of 2 KiB: from the publish in Redis until the last has it.

All in one run, with the viewers on the same processors: the live process, the web process, Nchan
where it is installed, and a subscription for every viewer.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from statistics import median

from redis import Redis

from benchmarks import nchan
from benchmarks.fan_out import TooFewFiles, Viewers, as_many_files_as_allowed, room_for, viewers
from benchmarks.live_servers import MESSAGES, NUMBER, VIEW, marker, message
from benchmarks.measure import Measure, compare
from benchmarks.workshop import Workshop
from incentives.live import tickets
from incentives.live.announce import CHANNEL
from incentives.operations.sessions import sign_in
from incentives.supervisor.processes import dies_with
from tests.services.running_service import free_port
from tests.world import PASSWORD

MANY = 10_000
# Each subscription is a second connection in its process: more would be refused.
FEWER = 2_000
PUBLISHES = 5
# Ours and Nchan take turns, so that a busy minute of the machine meets both.
TURNS = 3
PAUSE_SECONDS = 0.5

Publish = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Served:
    """Of several publishes: milliseconds to the viewer in the middle, to 99 % of them and to the
    last; what each viewer takes of the server's memory, in KiB; and the microseconds of processor
    that the server spends on each delivery, which a busy machine changes least."""

    middle: list[float]
    most: list[float]
    last: list[float]
    kib: list[float]
    cpu: list[float]
    opened_in: list[float]

    def told(self, name: str, many: int) -> str:
        return (
            f"  {name:<26} {many:>6,} viewers: median {median(self.middle):6.0f} ms,"
            f" 99 % {median(self.most):6.0f} ms, last {median(self.last):6.0f} ms"
            f" (worst {max(self.last):.0f}), {median(self.kib):.1f} KiB a viewer,"
            f" {median(self.cpu):.0f} µs a delivery, all there after {median(self.opened_in):.1f} s"
        )

    @classmethod
    def together(cls, turns: list["Served"]) -> "Served":
        columns = zip(*(astuple(turn) for turn in turns), strict=True)
        return cls(*(list(chain(*column)) for column in columns))


def measures(workshop: Workshop) -> Iterator[Measure]:
    try:
        room_for(MANY)
    except TooFewFiles as reason:
        print(reason)
        return
    lives, peers = [], []
    for _ in range(TURNS):
        lives.append(_ours(workshop, "live", MANY))
        if nchan.program():
            peers.append(_nchan(workshop, MANY))
    live, web = Served.together(lives), _ours(workshop, "web", MANY)
    yield from _beside("the live process", live, web, "the web process")
    if peers:
        yield from _beside("the live process", live, Served.together(peers), "Nchan")
        yield from _beside("the web process", web, Served.together(peers), "Nchan")
    else:
        print(nchan.MISSING)
    few = _ours(workshop, "live", FEWER)
    each = _a_subscription_for_each(workshop, FEWER)
    yield from _beside(f"the live process, {FEWER:,} viewers", few, each, "one subscription each")


def _beside(ours: str, served: Served, peer: Served, peer_name: str) -> Iterator[Measure]:
    yield compare(f"Last viewer, {ours}", "ms", served.last, peer.last, peer_name)
    yield compare(f"99 % of viewers, {ours}", "ms", served.most, peer.most, peer_name)
    yield compare(
        f"Everybody comes at once, {ours}", "s", served.opened_in, peer.opened_in, peer_name
    )
    yield compare(f"Memory of a viewer, {ours}", "KiB", served.kib, peer.kib, peer_name)
    yield compare(f"Processor for a delivery, {ours}", "µs", served.cpu, peer.cpu, peer_name)


def _ours(workshop: Workshop, kind: str, many: int) -> Served:
    redis = Redis.from_url(workshop.service.environ["REDIS_URL"])
    redis.set(NUMBER, 0)

    def publish(number: int) -> None:
        redis.set(NUMBER, number)
        redis.publish(CHANNEL, number)

    with _server(workshop, kind) as (port, process):
        served = _measured(port, _address(workshop), process, publish, many, here=marker(0))
    print(served.told(f"{kind} process", many), flush=True)
    return served


def _a_subscription_for_each(workshop: Workshop, many: int) -> Served:
    redis = Redis.from_url(workshop.service.environ["REDIS_URL"])

    def publish(number: int) -> None:
        redis.publish(MESSAGES, message(number))

    with _server(workshop, "each") as (port, process):
        served = _measured(port, "/live", process, publish, many, here=": here")
    print(served.told("one subscription each", many), flush=True)
    return served


def _nchan(workshop: Workshop, many: int) -> Served:
    directory = workshop.database.parent / "nginx"
    with nchan.running(directory, as_many_files_as_allowed()) as (port, worker):

        def publish(number: int) -> None:
            nchan.publish(port, message(number))

        served = _measured(port, "/live", worker, publish, many, here="200 OK")
    print(served.told("Nchan", many), flush=True)
    return served


def _measured(
    port: int, path: str, process: int, publish: Publish, many: int, *, here: str
) -> Served:
    with viewers(port, path) as watching:
        # What the first viewers and the first publish take is taken once.
        watching.open(20, until=here.encode())
        _published(watching, publish, 1)
        before = _kib(process)
        # The state of that publish, or none, is what those who come now begin with.
        opened_in = watching.open(
            many - 20, until=(marker(1) if here == marker(0) else here).encode()
        )
        cpu = _processor_microseconds(process)
        taken = [_published(watching, publish, number) for number in range(2, PUBLISHES + 2)]
        cpu = _processor_microseconds(process) - cpu
        kib = (_kib(process) - before) / (many - 20)
    return Served(
        [of_all[len(of_all) // 2] for of_all in taken],
        [of_all[int(len(of_all) * 0.99)] for of_all in taken],
        [of_all[-1] for of_all in taken],
        [kib],
        [cpu / (PUBLISHES * many)],
        [opened_in],
    )


def _published(watching: Viewers, publish: Publish, number: int) -> list[float]:
    time.sleep(PAUSE_SECONDS)
    return watching.served(lambda: publish(number), marker(number).encode())


@contextlib.contextmanager
def _server(workshop: Workshop, kind: str) -> Iterator[tuple[int, int]]:
    """A server of `benchmarks.live_servers`: its port and the id of its process."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.live_servers", kind, str(port)],
        env=workshop.service.environ,
        preexec_fn=dies_with(os.getpid()),
    )
    try:
        _wait_for(port)
        yield port, process.pid
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise TimeoutError("A server of the bench did not start.")


def _address(workshop: Workshop) -> str:
    """A ticket to the board, for somebody who is signed in."""
    app = workshop.world.app
    with app.app_context():
        token, _ = sign_in("person@example.com", PASSWORD, now=datetime.now(UTC))
        return tickets.issue(VIEW, {}, token=token)


def _kib(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def _processor_microseconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") * 1_000_000
