import signal

import pytest

from tests.supervisor.conftest import wait_for

pytestmark = pytest.mark.process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_end_everything_is_gone_within_seconds(start, number):
    running = start().is_up()
    running.says("worker steady")

    running.send(number)

    assert running.ends() == 0
    assert running.processes() == []
    assert running.output.endswith("Ended.\n")
    assert not (running.data_dir / "redis.url").exists()


def test_who_does_not_listen_is_ended_all_the_same(start):
    running = start(STAND_IN_WORKER="stubborn").is_up()
    running.says("worker stubborn")

    running.send(signal.SIGINT)

    assert running.ends() == 0
    assert running.processes() == []


def test_it_can_be_ended_while_it_is_still_starting(start):
    starting = start()
    wait_for(lambda: (starting.data_dir / "redis.url").exists(), 10, lambda: starting.output)

    starting.send(signal.SIGINT)

    assert starting.ends() == 0
    assert starting.processes() == []


@pytest.mark.parametrize("worker", ["steady", "stubborn"])
def test_even_a_killed_supervisor_leaves_no_orphans(start, worker):
    running = start(STAND_IN_WORKER=worker).is_up()
    running.says(f"worker {worker}")
    # web, worker and its child, Redis, the guard and the supervisor
    wait_for(lambda: len(running.processes()) == 6, 5, lambda: running.command_lines())

    running.send(signal.SIGKILL)
    running.ends()

    wait_for(lambda: running.processes() == [], 5, lambda: running.command_lines())


def test_after_a_kill_the_next_start_waits_until_the_old_processes_are_gone(start):
    killed = start(STAND_IN_WORKER="stubborn").is_up()
    killed.says("worker stubborn")
    left_over = set(killed.processes()) - {killed.process.pid}
    killed.send(signal.SIGKILL)
    killed.ends()

    following = start().is_up()

    assert left_over.isdisjoint(following.processes())
