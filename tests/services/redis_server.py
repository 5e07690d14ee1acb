"""A real Valkey for the tests: one per session (and so one per xdist worker), on a free port.

`redis_url` gives it emptied to each test; `redis_server` gives it as the last test left it.
"""

import os
import signal
import subprocess
import time

import pytest
import redis

from incentives.supervisor import embedded_redis
from incentives.supervisor.processes import dies_with


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory):
    server = embedded_redis.configured(tmp_path_factory.mktemp("redis"))
    process = subprocess.Popen(
        server.command,
        cwd=server.directory,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # A test run that is killed takes its server along.
        preexec_fn=dies_with(os.getpid()),
    )
    try:
        embedded_redis.wait_until_ready(server.url, meanwhile=lambda: time.sleep(0.02))
        yield server.url
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


@pytest.fixture
def redis_url(redis_server):
    with redis.Redis.from_url(redis_server) as connection:
        connection.flushall()
    return redis_server
