"""Waiting until the web process answers."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable

from incentives.supervisor.messages import CannotStart

READY_SECONDS = 60.0


def wait_until_healthy(address: str, meanwhile: Callable[[], None]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not is_healthy(address):
        if time.monotonic() > deadline:
            raise CannotStart(f"{address}/healthz did not answer within {READY_SECONDS:.0f} s.")
        meanwhile()


def is_healthy(address: str) -> bool:
    # No proxy of the environment stands between us and our own child.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
