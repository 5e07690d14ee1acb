"""A rolling restart under load: the workers are asked to end, gunicorn renews its processes."""

import signal
import time

NAME = "F9"
WHAT = "SIGTERM all workers, renew every gunicorn process, at 200 activities a second"
TIMES = (1, 10)
LOAD = 200
AT_ONCE = 5
# Of two seconds, where all are taken.
REQUESTS_AFTERWARDS = 2 * LOAD // AT_ONCE
MOST_SECONDS = 120


def inject(house, chance, times):
    for _ in range(times):
        for worker in house.refreshers:
            worker.send(signal.SIGTERM)
        before = house.gunicorn_workers()
        house.tell_gunicorn(signal.SIGHUP)
        house.wait_for(lambda before=before: not set(before) & set(house.gunicorn_workers()))
        # The new ones work under the load as well.
        enough = len(house.load.answers.tries) + REQUESTS_AFTERWARDS
        house.wait_for(lambda enough=enough: len(house.load.answers.tries) >= enough, MOST_SECONDS)
        yield "renewed"
    tries = house.load.answers.tries
    seconds = time.monotonic() - min(each.at for each in tries)
    taken = AT_ONCE * sum(200 <= each.status < 300 for each in tries)
    house.tell(f"{taken / seconds:.0f} activities a second were taken of {LOAD} that were wanted")


def holds(house):
    answers = house.load.answers
    put_off = len(answers.failures) - len(answers.not_put_off)
    house.tell(
        f"of {len(answers.tries)} requests {put_off} were put off with 503, {answers.unanswered} "
        "cut off"
    )
    if wrong := house.load.answers.not_put_off:
        yield f"{len(wrong)} requests were answered with {sorted(set(wrong))}"
