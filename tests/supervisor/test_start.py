import os
import socket
import stat
import subprocess
import sys
import urllib.request

import pytest
import redis

from incentives.supervisor.ports import any_free_port

pytestmark = pytest.mark.process


def test_a_start_ends_with_the_address_and_what_to_do_there(start):
    port = any_free_port()
    running = start(PORT=str(port)).is_up()

    assert f"Incentives runs at  http://127.0.0.1:{port}" in running.output
    assert "Log in as ana." in running.output
    assert urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz").status == 200


def test_its_redis_wants_a_password_that_only_the_owner_can_read(start):
    running = start().is_up()

    assert running.has_redis()
    with redis.Redis.from_url(running.redis_url) as connection:
        assert connection.ping()
        assert connection.config_get("appendonly") == {"appendonly": "yes"}
        assert connection.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert connection.config_get("bind") == {"bind": "127.0.0.1"}
        port = connection.connection_pool.connection_kwargs["port"]
    with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    for name in ("redis.url", "redis/redis.conf", "secret", "lock"):
        assert stat.S_IMODE((running.data_dir / name).stat().st_mode) == 0o600


def test_a_second_start_says_where_the_first_one_runs(start):
    first = start().is_up()
    address = f"http://127.0.0.1:{port_of(first)}"

    second = start(PORT=str(any_free_port()))

    assert second.ends() == 0
    assert second.output == (
        f"Incentives already runs on {first.data_dir}: {address} (process {first.process.pid}).\n"
    )
    assert urllib.request.urlopen(f"{address}/healthz").status == 200


def test_a_port_in_use_is_said_and_nothing_is_left_running(start):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = start(PORT=str(port))

        assert refused.ends() == 1
    assert refused.output.startswith(f"Port {port} on 127.0.0.1 is used by another program:")
    assert refused.output.count("\n") == 1
    assert refused.processes() == []


def test_a_setting_that_cannot_be_is_said_in_one_sentence(start):
    refused = start(PORT="eighty")

    assert refused.ends() == 1
    assert refused.output == "PORT must be a number from 1 to 65535, not 'eighty'.\n"


def test_a_given_redis_is_used_and_none_is_started(start, redis_url):
    running = start(REDIS_URL=redis_url).is_up()

    running.says(f" {redis_url}\n")
    assert running.redis_url == redis_url
    assert not running.has_redis()


def test_a_given_redis_that_does_not_answer_is_refused(start):
    refused = start(REDIS_URL=f"redis://127.0.0.1:{any_free_port()}")

    assert refused.ends() == 1
    assert refused.output.startswith("The Redis of REDIS_URL cannot be used: ")
    assert refused.output.count("\n") == 1


def test_a_given_redis_that_forgets_when_full_is_refused(start, redis_url):
    with redis.Redis.from_url(redis_url) as connection:
        connection.config_set("maxmemory", "100mb")
        connection.config_set("maxmemory-policy", "allkeys-lru")
        try:
            refused = start(REDIS_URL=redis_url)
            assert refused.ends() == 1
        finally:
            connection.config_set("maxmemory", "0")
            connection.config_set("maxmemory-policy", "noeviction")
    assert "set its maxmemory-policy to noeviction" in refused.output


def test_the_program_itself_can_be_started(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "incentives.supervisor"],
        env={**os.environ, "DATA_DIR": str(tmp_path), "PORT": "0"},
        capture_output=True,
        text=True,
        timeout=90,
    )

    assert ended.returncode == 1
    assert ended.stdout == "PORT must be a number from 1 to 65535, not '0'.\n"


def port_of(supervisor):
    return supervisor.output.split("http://127.0.0.1:")[1].split()[0]
