"""The same recalculation ten times at once, on four workers."""

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from tests.faults.plan import Plan

NAME = "F5"
WHAT = "the same recalculation ten times in parallel on four workers"
PLAN = Plan(refreshers=4)
TIMES = (2, 40)
# So often it is made sure that nobody knows who is at which payee.
LOOKS = 30


def inject(house, chance, times):
    for _ in range(times):
        house.everybody_is_behind()
        ask_ten_times(house.connection())
        for _ in range(LOOKS):
            house.forget_claims()
            house.pause(0.01)
        yield "ten at once"


def ask_ten_times(redis: Redis) -> None:
    queue = Queue("refresh", connection=redis, serializer=JSONSerializer)
    for _ in range(10):
        queue.enqueue("workers.jobs.refresh_stale", result_ttl=0)


def holds(house):
    """Once it is quiet, another ten recalculations post nothing at all."""
    before = house.database.rows("SELECT count(*) FROM posted_line")
    house.everybody_is_behind()
    ask_ten_times(house.connection())
    house.seconds_to_settle()
    after = house.database.rows("SELECT count(*) FROM posted_line")
    if before != after:
        yield f"recalculating what was up to date posted lines: {before} became {after}"
