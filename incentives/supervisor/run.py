"""The start, the watch and the end, in the order in which they happen."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config import Config, ConfigError
from incentives.supervisor import embedded_redis, outside_redis
from incentives.supervisor.children import redis_child
from incentives.supervisor.data_lock import AlreadyRunning, DataLock, locked
from incentives.supervisor.health import wait_until_healthy
from incentives.supervisor.messages import CannotStart, Stopped, say
from incentives.supervisor.ports import chosen_port, web_address
from incentives.supervisor.processes import Processes
from incentives.supervisor.service import INCENTIVES, Environ, Service
from incentives.supervisor.signals import StopRequest


def main(environ: Mapping[str, str], service: Service = INCENTIVES) -> int:
    # What we and our children write is for our user only.
    os.umask(0o077)
    stop = StopRequest()
    stop.listen()
    try:
        run(Config.from_environment(environ), environ, service, stop)
    except AlreadyRunning as elsewhere:
        say(str(elsewhere))
        return 0
    except (CannotStart, ConfigError) as reason:
        say(str(reason))
        return 1
    except Stopped:
        say("Ended.")
    return 0


def run(config: Config, environ: Environ, service: Service, stop: StopRequest) -> None:
    with locked(config.DATA_DIR) as lock:
        port = chosen_port(config.HOST, config.PORT)
        address = web_address(config.HOST, port)
        with children_of(lock, stop, pids_in(config.DATA_DIR)) as processes:
            with redis_for(config, environ, processes) as redis_url:
                settings = settings_of_children(config, port, redis_url)
                service.prepare(config, processes, settings)
                web, *others = service.children(config, port, settings)
                processes.start(web)
                notice = service.notice(config, processes, settings)
                wait_until_healthy(address, meanwhile=lambda: processes.watch(0.05))
                for child in others:
                    processes.start(child)
                lock.say_where(address)
                say(welcome(address, notice))
                while True:
                    processes.watch(0.1)


@contextmanager
def children_of(lock: DataLock, stop: StopRequest, notes: Path) -> Iterator[Processes]:
    processes = Processes(stop, keep_open=[lock.descriptor], notes=notes)
    try:
        yield processes
    finally:
        processes.stop_all()


def pids_in(data_dir: Path) -> Path:
    """Where each child that runs says its process id, emptied of what an earlier life left."""
    directory = data_dir / "pids"
    directory.mkdir(mode=0o700, exist_ok=True)
    for left in directory.glob("*.pid"):
        left.unlink()
    return directory


@contextmanager
def redis_for(config: Config, environ: Environ, processes: Processes) -> Iterator[str]:
    """Somebody's Redis if one is given, else our own; its address is on file while we run."""
    url = environ.get("REDIS_URL") or ""
    if url:
        outside_redis.check(url)
    else:
        server = embedded_redis.configured(config.DATA_DIR / "redis")
        processes.start(redis_child(server))
        url = server.url
        embedded_redis.wait_until_ready(url, meanwhile=lambda: processes.watch(0.02))
    with on_file(config.DATA_DIR / "redis.url", url):
        yield url


@contextmanager
def on_file(path: Path, url: str) -> Iterator[None]:
    embedded_redis.write_private(path, url + "\n")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def settings_of_children(config: Config, port: int, redis_url: str) -> Environ:
    """What was chosen here, said to every child, so that none has to choose again."""
    return {
        "DATA_DIR": str(config.DATA_DIR),
        "REDIS_URL": redis_url,
        "HOST": config.HOST,
        "PORT": str(port),
        "LIVE_PORT": str(config.LIVE_PORT or ""),
    }


def welcome(address: str, notice: str) -> str:
    lines = ["", f"  Incentives runs at  {address}", ""]
    if notice:
        lines += [f"  {line}".rstrip() for line in notice.splitlines()] + [""]
    return "\n".join([*lines, "  Ctrl-C ends it.", ""])
