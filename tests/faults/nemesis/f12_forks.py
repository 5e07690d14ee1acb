"""The desk forks for every job while its parent holds an open connection to the database, in TLS:
whoever shares one with the other loses the thread of what was said."""

from rq import Queue
from rq.serializers import JSONSerializer

from tests.faults.importing import ask_for_import, states, wait_until_done
from tests.faults.plan import Plan
from tests.faults.reading import POSTGRES
from tests.faults.tls import CAN_BE_SPOKEN

NAME = "F12"
WHAT = "jobs fork from a parent with an open connection, one works while the parent does"
PLAN = Plan(tls=CAN_BE_SPOKEN)
TIMES = (10, 100)
DATABASES = (POSTGRES,)
# Somebody else's request would reach the point.
LOAD = 0
PROTOCOL_ERRORS = ("bad record mac", "lost synchronization", "protocol", "unexpected message")
# The parent says every five seconds that it lives.
LONG_SECONDS = 8


def inject(house, chance, times):
    house.desk.come_back()
    redis = house.connection()
    queue = Queue("desk", connection=redis, serializer=JSONSerializer)
    jobs = [queue.enqueue("workers.jobs.run_import", 10**9, result_ttl=600) for _ in range(times)]
    house.wait_for(lambda: all(job.is_finished or job.is_failed for job in jobs), 20 + 2 * times)
    house.note("failed", sum(job.is_failed for job in jobs))
    for _ in jobs:
        yield "forked"
    house.arm("stored", "wait")
    deals = ask_for_import(house, chance, 10)
    house.wait_until_reached("stored")
    house.pause(LONG_SECONDS)
    house.let_go("stored")
    wait_until_done(house, deals)
    yield "forked for long"


def holds(house):
    if house.noted["failed"]:
        yield f"{house.noted['failed']} jobs failed"
    if states(house)[-1] != "done":
        yield f"the import is {states(house)[-1]}"
    said = (house.directory / "desk.log").read_text()
    yield from (f"the desk said {error}" for error in PROTOCOL_ERRORS if error in said)
    house.desk.stay_down()
