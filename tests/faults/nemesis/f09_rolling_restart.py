"""A rolling restart under load: the workers are asked to end, gunicorn renews its processes."""

import signal

NAME = "F9"
WHAT = "SIGTERM all workers, renew every gunicorn process, under load"
TIMES = (1, 10)
LOAD = 100


def inject(house, chance, times):
    for _ in range(times):
        for worker in house.refreshers:
            worker.send(signal.SIGTERM)
        before = house.gunicorn_workers()
        house.tell_gunicorn(signal.SIGHUP)
        house.wait_for(lambda before=before: not set(before) & set(house.gunicorn_workers()))
        yield "renewed"


def holds(house):
    wrong = [status for status in house.load.answers.failures if status != 503]
    if wrong:
        yield f"{len(wrong)} requests were answered with {sorted(set(wrong))}"
