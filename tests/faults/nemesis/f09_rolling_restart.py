"""A rolling restart under load: the workers are asked to end, gunicorn renews its processes."""

import signal

NAME = "F9"
WHAT = "SIGTERM all workers, renew every gunicorn process, at 200 activities a second"
TIMES = (1, 10)
LOAD = 200
AT_ONCE = 5
# The service is to take so many, restarts among them, not so many where none is.
CATCHES_UP = True
# The new processes work under the load for so long, and then until the clients are on time again.
AFTERWARDS_SECONDS = 3
ON_TIME_SECONDS = 0.5
MOST_SECONDS = 120


def inject(house, chance, times):
    for _ in range(times):
        for worker in house.refreshers:
            worker.send(signal.SIGTERM)
        before = house.gunicorn_workers()
        house.tell_gunicorn(signal.SIGHUP)
        house.wait_for(lambda before=before: not set(before) & set(house.gunicorn_workers()))
        house.pause(AFTERWARDS_SECONDS)
        house.wait_for(lambda: house.load.seconds_behind < ON_TIME_SECONDS, MOST_SECONDS)
        yield "renewed"


def holds(house):
    answers = house.load.answers
    put_off = len(answers.failures) - len(answers.not_put_off)
    house.tell(
        f"of {len(answers.tries)} requests {put_off} were put off with 503, {answers.unanswered} "
        "cut off"
    )
    if wrong := house.load.answers.not_put_off:
        yield f"{len(wrong)} requests were answered with {sorted(set(wrong))}"
