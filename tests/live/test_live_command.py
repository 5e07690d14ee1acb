"""`python -m incentives.live` as it is run: with the tickets of pages, until it is asked to end."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from incentives.live import tickets
from incentives.operations.sessions import sign_in, sign_out
from incentives.supervisor.processes import dies_with
from tests.services.running_service import free_port
from tests.world import PASSWORD

pytestmark = pytest.mark.process


@contextmanager
def running(**settings):
    process = subprocess.Popen(
        [sys.executable, "-m", "incentives.live"],
        env={**os.environ, **settings},
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=dies_with(os.getpid()),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def answer(url):
    deadline = time.monotonic() + 40
    while True:
        try:
            return urllib.request.urlopen(url, timeout=10)
        except urllib.error.HTTPError as refused:
            return refused
        except urllib.error.URLError:
            assert time.monotonic() < deadline, "the live process did not start"
            time.sleep(0.1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_s_ticket_opens_the_stream_until_its_holder_signs_out(app, world, tmp_path):
    world.login("Ana", "administrator")
    token, _ = sign_in("ana@example.com", PASSWORD, now=datetime.now(UTC))
    with app.test_request_context():
        path = tickets.issue("board", {"slug": "revenue", "as": "rep"}, token=token)
    port = free_port()
    settings = {"DATA_DIR": str(tmp_path), "LIVE_PORT": str(port), "SECRET_KEY": "tests only"}
    with running(
        **settings, DATABASE_URL=app.config["SQLALCHEMY_DATABASE_URI"], REDIS_URL=""
    ) as process:
        with answer(f"http://127.0.0.1:{port}{path}") as stream:
            assert stream.status == 200
            assert stream.readline().startswith(b"retry: ")
            assert [stream.readline() for _ in range(2)][1] == b"event: fragment\n"
        sign_out(token, now=datetime.now(UTC))
        with answer(f"http://127.0.0.1:{port}{path}") as refused:
            assert refused.status == 403
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_without_a_port_it_says_what_to_set(tmp_path):
    with running(DATA_DIR=str(tmp_path), LIVE_PORT="") as process:
        assert (
            process.communicate(timeout=40)[1] == "Say with LIVE_PORT where the streams shall be.\n"
        )
        assert process.returncode == 1
