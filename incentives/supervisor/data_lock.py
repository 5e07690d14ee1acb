"""One supervisor for one data directory.

The lock is the file's, held by an open descriptor: it is gone when its holders are, however they
ended. The guard holds it too, so a start right after a `kill -9` waits until the last of the old
processes has left the data.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLEARING_UP_SECONDS = 10.0


class AlreadyRunning(Exception):
    """Another supervisor works on this data; the text says where."""


class DataLock:
    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def say_where(self, address: str | None) -> None:
        """For the next one who tries."""
        note = json.dumps({"process": os.getpid(), "address": address}).encode()
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, note, 0)


@contextmanager
def locked(data_dir: Path) -> Iterator[DataLock]:
    path = data_dir / "lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        take(descriptor, path)
        lock = DataLock(descriptor)
        lock.say_where(None)
        yield lock
    finally:
        os.close(descriptor)


def take(descriptor: int, path: Path) -> None:
    deadline = time.monotonic() + CLEARING_UP_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = read_holder(path)
            if is_alive(holder.get("process")) or time.monotonic() > deadline:
                raise AlreadyRunning(describe(holder, path.parent)) from None
        time.sleep(0.1)


def read_holder(path: Path) -> dict[str, object]:
    try:
        holder = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return holder if isinstance(holder, dict) else {}


def is_alive(process: object) -> bool:
    if not isinstance(process, int):
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def describe(holder: dict[str, object], data_dir: Path) -> str:
    process = holder.get("process")
    address = holder.get("address")
    if address:
        return f"Incentives already runs on {data_dir}: {address} (process {process})."
    return f"Incentives is just starting or ending on {data_dir} (process {process})."
