"""A worker has taken the job off the queue and dies before RQ has noted that anybody has it."""

from rq import Queue

NAME = "F3"
WHAT = "a job taken off its queue and lost, so that it is in no list at all"
TIMES = (1, 20)
# Somebody else's activity would ask again.
LOAD = 0


def inject(house, chance, times):
    redis = house.connection()
    for _ in range(times):
        house.seconds_to_settle()
        with house.nobody_calculating():
            house.client("f3").send(house.deal())
            taken = redis.lpop(Queue("refresh", connection=redis).key)
            assert taken, "the hint was asked for, so a job was there to lose"
        yield "lost"
