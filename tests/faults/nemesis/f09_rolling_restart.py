"""A rolling restart under load: the workers are asked to end, gunicorn renews its processes."""

import signal

NAME = "F9"
WHAT = "SIGTERM all workers, renew every gunicorn process, at 200 activities a second"
TIMES = (1, 10)
LOAD = 200


def inject(house, chance, times):
    for _ in range(times):
        for worker in house.refreshers:
            worker.send(signal.SIGTERM)
        before = house.gunicorn_workers()
        house.tell_gunicorn(signal.SIGHUP)
        house.wait_for(lambda before=before: not set(before) & set(house.gunicorn_workers()))
        # The new ones work under the load as well.
        house.pause(2)
        yield "renewed"


def holds(house):
    if wrong := house.load.answers.not_put_off:
        yield f"{len(wrong)} requests were answered with {sorted(set(wrong))}"
