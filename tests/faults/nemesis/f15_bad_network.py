"""Redis is away for minutes, mute, behind a lossy network, cut off. Intake does not wait for it."""

import signal
import time

from tests.faults.plan import Plan

NAME = "F15"
WHAT = "Redis away for minutes, then mute, then 30 % loss before it; every connection cut"
PLAN = Plan(through_proxy=True)
TIMES = (5, 300)  # seconds that it is away
# Of all requests while Redis is hurt; and what a mute one may add to the slowest of them.
MOST_SECONDS = 1.0


def inject(house, chance, times):
    house.pause(3)
    house.note("well", house.load.answers.percentile(100))
    hurt = time.monotonic()
    house.redis.stay_down()
    house.pause(times)
    house.redis.come_back()
    house.wait_for_redis()
    yield f"away for {times} s"
    mute = time.monotonic()
    house.redis.send(signal.SIGSTOP)
    house.pause(min(times, 15))
    house.note("mute", house.load.answers.between(mute, time.monotonic() - 2))
    house.redis.send(signal.SIGCONT)
    yield "stopped and continued"
    house.proxy.loss = 0.3
    house.pause(min(times, 60))
    house.proxy.loss = 0.0
    yield "30 % loss"
    house.note("hurt", house.load.answers.between(hurt, time.monotonic()))
    house.proxy.cut_all()
    yield "cut"


def holds(house):
    answers, hurt = house.load.answers, house.noted["hurt"]
    if answers.failures or answers.unanswered:
        yield f"intake was hurt: {answers.failures[:5]}, {answers.unanswered} without an answer"
    if hurt.percentile(99) > MOST_SECONDS:
        yield f"99 % of requests took up to {hurt.percentile(99):.1f} s"
    slowest, well = house.noted["mute"].percentile(100), house.noted["well"]
    if slowest > well + MOST_SECONDS:
        yield f"a mute Redis cost a request {slowest - well:.1f} s"
