"""Redis is away for minutes, mute, behind a lossy network, cut off. Intake does not wait for it."""

import signal
import time

from tests.faults.plan import Plan

NAME = "F15"
WHAT = "Redis away for minutes, then mute, then 30 % loss before it; every connection cut"
PLAN = Plan(through_proxy=True)
TIMES = (5, 300)  # seconds that it is away
LOAD = 50
# Within so much 99 % of all requests are answered, and the slowest one beside a mute Redis. A busy
# machine is given three times what the same requests take it with a Redis that is well.
MOST_SECONDS, BUSY = 1.0, 3


def inject(house, chance, times):
    house.pause(max(5, times // 10))
    house.note("well", house.load.answers)
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
    well, mute = house.noted["well"], house.noted["mute"]
    house.tell(
        f"99 % within {well.percentile(99):.2f} s when it is well, {hurt.percentile(99):.2f} s "
        f"when it is hurt; the slowest {well.percentile(100):.2f} s, beside a mute one "
        f"{mute.percentile(100):.2f} s"
    )
    for part, found in ((99, hurt), (100, mute)):
        if found.percentile(part) > MOST_SECONDS + BUSY * well.percentile(part):
            yield f"{part} % of requests took up to {found.percentile(part):.1f} s"
