"""The real thing, as bin/run starts it: an empty company, every process, and the end of it."""

import json
import signal
import sys
import urllib.error
import urllib.request

import pytest

from tests.supervisor.conftest import wait_for

pytestmark = [pytest.mark.process, pytest.mark.slow]

SERVICE = [sys.executable, "-m", "incentives.supervisor"]


def readiness(address):
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:
            return json.load(answer)
    except (urllib.error.URLError, OSError):
        return None


def test_an_empty_company_is_served_ready_and_ends_as_a_whole(start):
    running = start(command=SERVICE, DEMO="0")
    running.says("Ctrl-C ends it.")
    assert "/set-up/" in running.output
    address = json.loads((running.data_dir / "lock").read_text())["address"]

    wait_for(lambda: readiness(address), 60, lambda: running.output)
    with urllib.request.urlopen(f"{address}/sign-in", timeout=60) as page:
        assert "Incentives" in page.read().decode()

    running.send(signal.SIGINT)
    assert running.ends() == 0
    assert running.processes() == []
