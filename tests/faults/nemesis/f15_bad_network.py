"""Redis is reachable badly: stopped in the middle of a word, behind a lossy network, cut off."""

import signal

from tests.faults.plan import Plan

NAME = "F15"
WHAT = "Redis stopped without a word; 30 % loss before it; every connection cut"
PLAN = Plan(through_proxy=True)
TIMES = (1, 10)
LOAD = 20
# One socket timeout of a second, and the work itself on a busy machine.
MOST_SECONDS = 3.0


def inject(house, chance, times):
    long = times > 1
    for _ in range(times):
        house.redis.send(signal.SIGSTOP)
        house.pause(15 if long else 4)
        house.redis.send(signal.SIGCONT)
        yield "stopped and continued"
        house.proxy.loss = 0.3
        house.pause(60 if long else 4)
        house.proxy.loss = 0.0
        yield "30 % loss"
        house.proxy.cut_all()
        yield "cut"


def holds(house):
    answers = house.load.answers
    if answers.failures or answers.unanswered:
        yield f"intake was hurt: {answers.failures[:5]}, {answers.unanswered} without an answer"
    if answers.percentile(99) > MOST_SECONDS:
        yield f"99 % of requests took up to {answers.percentile(99):.1f} s"
