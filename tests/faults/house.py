"""A house: the whole service as real processes on ports of its own, to be hurt."""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import redis

from incentives.claims import CLAIM
from incentives.supervisor import embedded_redis
from tests.faults.beside import Beside
from tests.faults.databases import Databases, environment
from tests.faults.kept import Keeper, Kept, children_of
from tests.faults.load import Activity, Client, Load, new_deal
from tests.faults.looking import Looking
from tests.faults.plan import Plan
from tests.faults.proxy import Proxy
from tests.faults.reading import POSTGRES, Database, wait_for
from tests.faults.safeguards import SAFEGUARDS
from tests.faults.tls import TlsDoor
from tests.faults.volume import Volume, can_be_made
from tests.services.running_service import free_port

READY_SECONDS = 120.0


class House(Beside, Looking):
    def __init__(self, plan: Plan, directory: Path, databases: Databases) -> None:
        self.plan, self.directory = plan, directory
        self.databases = databases
        self.database: Database
        self.volume = Volume() if plan.small_volume and can_be_made() else None
        self.database, self.keys = databases.make(
            plan.database, plan.payees, directory, self.volume
        )
        if plan.serializable:
            self.database.make_serializable()
        self.tls_door = TlsDoor(databases.socket, directory) if plan.tls else None
        for name in plan.without:
            SAFEGUARDS[name].prepare(self.database)
        self.books = directory / "acknowledged"
        self.points = directory / "points"
        self.clocks = directory / "clocks"
        self.poison = directory / "poison"
        self.set_poison({})
        for made in (self.books, self.points, self.clocks):
            made.mkdir()
        self.port = free_port()
        self.chance = random.Random(0)
        self.load: Load | None = None
        self._loads = 0
        self._clients: list[Client] = []
        self.frozen = self.frozen_statements()
        # What the judge has counted so far.
        self.acknowledged = self.found = 0
        self.noted: dict[str, Any] = {}
        self.told: list[str] = []
        self.keeper = Keeper()
        self._start_redis()
        self._environ = self._settings()
        self.web = self._keep("web", *self._gunicorn(self.port))
        self.refreshers = [
            self._keep(f"refresh-{n}", *self._duty("refresh")) for n in range(plan.refreshers)
        ]
        self.desk = self._prepared("desk", *self._duty("desk"))
        self.ticker = self._keep("ticker", *self._duty("ticker"))

    # Processes

    def _start_redis(self) -> None:
        server = embedded_redis.configured(self.directory / "redis")
        with open(server.directory / "redis.conf", "a") as file:
            file.writelines(f"{line}\n" for line in self.plan.redis_settings)
        self.redis_url = server.url
        self._redis = redis.Redis.from_url(server.url, socket_timeout=5)
        self.redis = Kept(
            "redis", server.command, environment(), self.directory / "redis.log", server.directory
        )
        self.keeper.add(self.redis)
        self.proxy = Proxy(_port_of(server.url)) if self.plan.through_proxy else None
        self.wait_for_redis()

    def _settings(self) -> dict[str, str]:
        port = self.proxy.port if self.proxy else _port_of(self.redis_url)
        return environment(
            DATA_DIR=str(self.directory),
            DATABASE_URL=self._database_url(),
            REDIS_URL=self.redis_url.replace(f":{_port_of(self.redis_url)}/", f":{port}/"),
            SECRET_KEY="tests only",
            PAUSE_POINTS=str(self.points),
            FAULTS_WITHOUT=",".join(self.plan.without),
            FAULTS_CLOCKS=str(self.clocks),
            FAULTS_WORKERS=self._workers(),
            POISON=str(self.poison),
        )

    def _database_url(self) -> str:
        """As the service reaches it."""
        if not self.tls_door:
            return self.database.url
        name = self.database.url.partition("?")[0].rpartition("/")[2]
        where = f"127.0.0.1:{self.tls_door.port}/{name}?sslmode=require"
        return f"postgresql+psycopg://postgres@{where}"

    def _gunicorn(self, port: int) -> Sequence[str]:
        app = "tests.faults.patched:app" if self._is_patched("web") else "wsgi:app"
        return (
            *("-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}"),
            *("--workers", str(self.plan.web_workers), "--threads", "4"),
            *("--graceful-timeout", "5", "--log-level", "warning"),
        )

    def _duty(self, duty: str) -> Sequence[str]:
        return ("-m", "tests.faults.patched" if self._is_patched(duty) else self._workers(), duty)

    def _workers(self) -> str:
        return "tests.workers.poisoned" if self.plan.poisoned else "workers"

    def _is_patched(self, duty: str) -> bool:
        return bool(self.plan.without) or duty in self.plan.clocks

    def _keep(self, name: str, *arguments: str) -> Kept:
        return self.keeper.add(self._prepared(name, *arguments))

    def _prepared(self, name: str, *arguments: str) -> Kept:
        command = [sys.executable, *arguments]
        environ = {**self._environ, "FAULTS_NAME": name}
        return Kept(name, command, environ, self.directory / f"{name}.log")

    def start_another(self, duty: str) -> Kept:
        """One more process with a duty, such as a second ticker."""
        name = f"{duty}-{len(self.keeper.kept)}"
        return self._keep(name, *self._duty(duty))

    def also_serve(self, database: Database, port: int) -> list[Kept]:
        """Another database, elsewhere: by web processes and a worker of its own, with another part
        of Redis."""
        environ = {
            **self._environ,
            "DATABASE_URL": database.url,
            "DATA_DIR": str(self.directory / "elsewhere"),
            "REDIS_URL": f"redis://{self.redis_url.partition('://')[2].rpartition('/')[0]}/1",
            "PAUSE_POINTS": "",
        }
        duties = {"web": self._gunicorn(port), "refresh": self._duty("refresh")}
        return [
            self.keeper.add(
                Kept(
                    f"{name} elsewhere",
                    [sys.executable, *arguments],
                    environ,
                    self.directory / f"{name}-elsewhere.log",
                )
            )
            for name, arguments in duties.items()
        ]

    def wait_until_ready(self) -> None:
        client = self.client("knocks")
        wait_for(lambda: client.post([])[0] in (400, 409, 422), READY_SECONDS)
        workers = [b"refresh"] * self.plan.refreshers
        wait_for(
            lambda: self.connection().scard("rq:workers:refresh") >= len(workers), READY_SECONDS
        )

    def wait_for_redis(self) -> None:
        def answers() -> bool:
            with suppress(redis.RedisError):
                return bool(self.connection().ping())
            return False

        wait_for(answers, 20)

    def connection(self) -> redis.Redis:
        """To Redis itself, not through the proxy."""
        return self._redis

    def lose_redis_files(self) -> None:
        """All that Redis would have read when it starts; it must be down."""
        directory = self.directory / "redis"
        shutil.rmtree(directory / "appendonlydir")
        (directory / "dump.rdb").unlink(missing_ok=True)

    def gunicorn_workers(self) -> list[int]:
        return children_of(self.web.pid)

    def writers(self) -> list[int]:
        """Every process that writes to the database."""
        kept = [*self.refreshers, self.ticker]
        return [*self.gunicorn_workers(), *(each.pid for each in kept if each.is_alive)]

    def tell_gunicorn(self, number: int) -> None:
        """The master only; it passes on what is for its workers."""
        os.kill(self.web.pid, number)

    def forget_claims(self) -> None:
        """Redis has lost who is at which payee: several workers make the same sums."""
        for claim in self.connection().scan_iter(f"{CLAIM}*"):
            self.connection().delete(claim)

    @contextmanager
    def workers_held(self) -> Iterator[None]:
        """Nobody calculates meanwhile, and nobody sweeps."""
        held = [*self.refreshers, self.ticker]
        for process in held:
            process.send(signal.SIGSTOP)
        try:
            yield
        finally:
            for process in held:
                process.send(signal.SIGCONT)

    @contextmanager
    def nobody_calculating(self) -> Iterator[None]:
        """No worker and no ticker is there meanwhile."""
        gone = [*self.refreshers, self.ticker]
        for process in gone:
            process.stay_down()
        try:
            yield
        finally:
            for process in gone:
                process.come_back()

    def set_poison(self, how: Mapping[int, str]) -> None:
        """Payees by id, and what their sums do (tests/workers/poisoned.py)."""
        self.poison.write_text(json.dumps(how))

    def set_clock(self, whose: str, wrong_by_seconds: int) -> None:
        """Of all processes of a duty, or of one by its name."""
        (self.clocks / whose).write_text(str(wrong_by_seconds))

    # Pause points

    def arm(self, point: str, order: str = "kill") -> None:
        (self.points / f"{point}.reached").unlink(missing_ok=True)
        (self.points / point).write_text(order)

    def wait_until_reached(self, point: str, seconds: float = 60.0) -> None:
        wait_for((self.points / f"{point}.reached").exists, seconds, every=0.005)

    def let_go(self, point: str) -> None:
        (self.points / f"{point}.reached").unlink(missing_ok=True)

    def disarm(self) -> None:
        for file in self.points.iterdir():
            file.unlink(missing_ok=True)

    # Clients

    def begin_load(self, per_second: float, at_once: int = 1, *, catches_up: bool = False) -> Load:
        self._loads += 1
        self.load = Load(self.port, self.keys, self.books, f"load-{self._loads}", self.chance)
        self.load.begin(per_second, at_once, catches_up=catches_up)
        return self.load

    def client(self, name: str) -> Client:
        """A client that sends only what it is told to, and keeps a book as well."""
        self._loads += 1
        name = f"{name}-{self._loads}"
        book = self.books / f"{name}.jsonl"
        client = Client(self.port, self.keys[0], name, book, random.Random(self._loads))
        client.gives_up = True
        self._clients.append(client)
        return client

    def deal(self, payee: str | None = None) -> Activity:
        """A new deal that no load sends."""
        return new_deal("house", f"{self.chance.getrandbits(60)}", self.chance, payee=payee)

    def pause(self, seconds: float) -> None:
        time.sleep(seconds)

    def wait_for(self, what: Callable[[], object], seconds: float = 60.0) -> float:
        return wait_for(what, seconds)

    def note(self, name: str, value: object) -> None:
        """Something a recipe wants to know again when it looks at what held."""
        self.noted[name] = value

    def tell(self, figure: str) -> None:
        """A figure for the reader of the run's table."""
        self.told.append(figure)

    def end(self) -> None:
        if self.load:
            self.load.end()
        for process in self.keeper.kept.values():
            # A process that was stopped would not notice its end.
            process.send(signal.SIGCONT)
        self.keeper.end()
        self._redis.close()
        for client in self._clients:
            client.close()
        for door in (self.proxy, self.tls_door):
            if door:
                door.end()
        if self.volume:
            if self.database.kind == POSTGRES:
                self.databases.leave_volume(self.database)
            self.volume.end()


def _port_of(url: str) -> int:
    return int(url.rpartition(":")[2].partition("/")[0])


@contextmanager
def a_house(plan: Plan, databases: Databases) -> Iterator[House]:
    with TemporaryDirectory(prefix="incentives-house-") as directory:
        house = House(plan, Path(directory), databases)
        try:
            house.wait_until_ready()
            yield house
        finally:
            house.end()
