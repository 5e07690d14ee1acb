import os
import signal

import pytest
import redis

from tests.supervisor.conftest import wait_for

pytestmark = pytest.mark.process


def test_a_killed_child_is_started_again_and_the_others_go_on(start):
    running = start().is_up()
    running.says("worker steady")
    before = running.worker()

    os.kill(before, signal.SIGKILL)

    running.says("worker ended with code -9, again in 0.1 s.")
    wait_for(lambda: running.worker() != before, 5, lambda: running.output)
    assert running.output.count("worker steady") >= 2
    assert "web ended" not in running.output


def test_what_a_killed_child_had_started_does_not_stay(start):
    running = start().is_up()
    running.says("worker steady")
    wait_for(lambda: len(in_session(running, running.worker())) == 2, 5, lambda: running.output)
    before = running.worker()

    os.kill(before, signal.SIGKILL)

    wait_for(lambda: in_session(running, before) == [], 5, lambda: running.command_lines())


def test_a_killed_redis_comes_back_at_the_same_address_with_its_jobs(start):
    running = start().is_up()
    with redis.Redis.from_url(running.redis_url) as connection:
        connection.rpush("rq:queue:refresh", "a job")
        os.kill(connection.info("server")["process_id"], signal.SIGKILL)

    running.says("redis ended with code -9")
    wait_for(lambda: jobs(running.redis_url) == [b"a job"], 5, lambda: running.output)


def test_without_a_redis_that_can_start_the_service_goes_on_and_waits_for_it(start):
    running = start().is_up()
    settings = running.data_dir / "redis" / "redis.conf"
    good = settings.read_text()
    settings.write_text("nonsense\n")
    with redis.Redis.from_url(running.redis_url) as connection:
        os.kill(connection.info("server")["process_id"], signal.SIGKILL)

    wait_for(lambda: running.output.count("redis ended") > 6, 60, lambda: running.output)
    assert "web ended" not in running.output
    assert running.process.poll() is None
    settings.write_text(good)
    wait_for(lambda: jobs(running.redis_url) == [], 20, lambda: running.output)


def test_a_child_that_dies_all_the_time_ends_the_service_with_its_last_words(start):
    failing = start(STAND_IN_WORKER="dies")

    assert failing.ends() == 1
    assert "worker ended 5 times within a minute, the last time with code 1." in failing.output
    assert failing.output.rstrip().endswith("no reason at all")
    assert failing.processes() == []


def test_without_a_child_that_nobody_needs_the_service_goes_on(start):
    running = start(STAND_IN_WORKER="dies and nobody needs it").is_up()

    wait_for(lambda: running.output.count("worker ended") > 6, 15, lambda: running.output)
    assert "web ended" not in running.output
    assert running.process.poll() is None


def test_each_child_that_runs_says_its_process_id_on_file(start):
    running = start().is_up()
    running.says("worker steady")
    pids = running.data_dir / "pids"

    wait_for(lambda: (pids / "worker.pid").exists(), 5, lambda: running.output)
    assert int((pids / "worker.pid").read_text()) == running.worker()
    assert {path.stem for path in pids.iterdir()} == {"redis", "web", "worker"}
    running.send(signal.SIGINT)
    running.ends()

    assert list(pids.iterdir()) == []


def test_a_child_that_may_end_is_let_go(start):
    running = start(STAND_IN_WORKER="finishes").is_up()

    running.says("worker finishes")
    running.send(signal.SIGINT)

    assert running.ends() == 0
    assert running.output.count("worker finishes") == 1
    assert "worker ended" not in running.output


def in_session(supervisor, session):
    return [process for process in supervisor.processes() if os.getsid(process) == session]


def jobs(url):
    try:
        with redis.Redis.from_url(url) as connection:
            return connection.lrange("rq:queue:refresh", 0, -1)
    except redis.ConnectionError:
        return None
