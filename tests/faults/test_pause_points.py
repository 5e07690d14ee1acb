"""The places at which the fault tests stop a service do nothing in one that is not tested."""

import multiprocessing
import signal
import threading
import time

import pytest

from incentives import pause_points
from incentives.pause_points import pause_at


@pytest.fixture
def armed(tmp_path, monkeypatch):
    monkeypatch.setattr(pause_points, "_DIRECTORY", str(tmp_path))
    return tmp_path


def test_a_service_outside_the_tests_has_no_pause_points():
    assert pause_points._DIRECTORY is None
    pause_at("stored")


def test_a_point_that_is_not_armed_is_passed(armed):
    pause_at("stored")
    assert list(armed.iterdir()) == []


def test_a_waiting_point_holds_until_it_is_let_go_and_only_once(armed):
    (armed / "stored").write_text("wait")
    passing = threading.Thread(target=pause_at, args=["stored"])
    passing.start()
    deadline = time.monotonic() + 5
    while not (armed / "stored.reached").exists():
        assert time.monotonic() < deadline
    assert passing.is_alive()
    (armed / "stored.reached").unlink()
    passing.join(timeout=5)
    assert not passing.is_alive()
    pause_at("stored")


def test_a_killing_point_ends_the_process_at_once(armed):
    (armed / "ledger").write_text("kill")
    process = multiprocessing.get_context("fork").Process(target=pause_at, args=["ledger"])
    process.start()
    process.join(timeout=10)
    assert process.exitcode == -signal.SIGKILL
