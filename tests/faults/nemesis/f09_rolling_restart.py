"""A rolling restart under load: the workers are asked to end, gunicorn renews its processes."""

import signal
import time
from statistics import median

NAME = "F9"
WHAT = "SIGTERM all workers, renew every gunicorn process, at 200 activities a second"
TIMES = (1, 10)
LOAD = 200
AT_ONCE = 5
# Of five seconds, where all are taken.
REQUESTS_AFTERWARDS = 5 * LOAD // AT_ONCE
MOST_SECONDS = 120


def inject(house, chance, times):
    between = []
    for _ in range(times):
        for worker in house.refreshers:
            worker.send(signal.SIGTERM)
        before = house.gunicorn_workers()
        house.tell_gunicorn(signal.SIGHUP)
        house.wait_for(lambda before=before: not set(before) & set(house.gunicorn_workers()))
        # The new ones work under the load as well.
        renewed = time.monotonic()
        enough = len(house.load.answers.tries) + REQUESTS_AFTERWARDS
        house.wait_for(lambda enough=enough: len(house.load.answers.tries) >= enough, MOST_SECONDS)
        between.append(_taken_a_second(house, renewed))
        yield "renewed"
    all_in_all = _taken_a_second(house, min(each.at for each in house.load.answers.tries))
    house.tell(
        f"of {LOAD} activities a second {median(between):.0f} were taken between renewals, "
        f"{all_in_all:.0f} all in all"
    )


def _taken_a_second(house, begun):
    now = time.monotonic()
    tries = house.load.answers.between(begun, now).tries
    return AT_ONCE * sum(200 <= each.status < 300 for each in tries) / (now - begun)


def holds(house):
    answers = house.load.answers
    put_off = len(answers.failures) - len(answers.not_put_off)
    house.tell(
        f"of {len(answers.tries)} requests {put_off} were put off with 503, {answers.unanswered} "
        "cut off"
    )
    if wrong := house.load.answers.not_put_off:
        yield f"{len(wrong)} requests were answered with {sorted(set(wrong))}"
