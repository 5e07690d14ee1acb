"""The desk forks for every job while its parent holds an open connection to the database."""

from rq import Queue
from rq.serializers import JSONSerializer

from tests.faults.reading import POSTGRES

NAME = "F12"
WHAT = "jobs fork from a parent with an open connection"
TIMES = (10, 100)
DATABASES = (POSTGRES,)
PROTOCOL_ERRORS = ("bad record mac", "lost synchronization", "protocol", "unexpected message")


def inject(house, chance, times):
    house.desk.come_back()
    redis = house.connection()
    queue = Queue("desk", connection=redis, serializer=JSONSerializer)
    jobs = [queue.enqueue("workers.jobs.run_import", 10**9, result_ttl=600) for _ in range(times)]
    house.wait_for(lambda: all(job.is_finished or job.is_failed for job in jobs), 20 + times)
    house.note("failed", sum(job.is_failed for job in jobs))
    for _ in jobs:
        yield "forked"


def holds(house):
    if house.noted["failed"]:
        yield f"{house.noted['failed']} jobs failed"
    said = (house.directory / "desk.log").read_text()
    yield from (f"the desk said {error}" for error in PROTOCOL_ERRORS if error in said)
    house.desk.stay_down()
