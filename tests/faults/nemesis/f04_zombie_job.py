"""Who asks dies half-way: the hint is set and the job is written, but it never got to the queue."""

from incentives.queue import REFRESH_ASKED

NAME = "F4"
WHAT = "hint set and job written, never pushed; then one more activity"
TIMES = (1, 20)
# Otherwise another client's job would do the work.
LOAD = 0


def inject(house, chance, times):
    redis = house.connection()
    client = house.client("f4")
    for number in range(times):
        house.seconds_to_settle()
        redis.set(REFRESH_ASKED, 1, ex=30)
        redis.hset(f"rq:job:zombie-{number}", mapping={"status": "queued", "origin": "refresh"})
        client.send(house.deal())
        yield "zombie"
