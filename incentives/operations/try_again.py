"""Give what failed another try: parked payees, and jobs that gave up."""

from datetime import datetime

import redis
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer
from sqlalchemy import update

from incentives.errors import NotFound, Refused
from incentives.queue import QUEUES, ask_for_refresh, queue_named, redis_client
from incentives.store.audit import record
from incentives.store.markers import Marker
from incentives.store.people import Person
from incentives.store.transaction import writing


def try_payee_again(payee_id: int, *, by: int, now: datetime) -> None:
    """Calculate a parked payee now, not only after the next pause."""
    with writing() as session:
        person = session.get(Person, payee_id)
        if person is None:
            raise NotFound
        session.execute(update(Marker).where(Marker.payee_id == payee_id).values(tried_at=None))
        record(session, "parked payee tried again", person.name, by=by, now=now)
    ask_for_refresh()


def retry_job(job_id: str, *, by: int, now: datetime) -> None:
    """Put a failed job back on its queue."""
    client = redis_client()
    if client is None:
        raise Refused("no_queue", "There is no queue. The sweeper does the work meanwhile.")
    try:
        job = Job.fetch(job_id, connection=client, serializer=JSONSerializer)
        for name in QUEUES:
            registry = FailedJobRegistry(queue=queue_named(name, client))
            if job_id in registry.get_job_ids():
                registry.requeue(job)
    except NoSuchJobError as error:
        raise NotFound("This job is not there any more.") from error
    except redis.RedisError as error:
        raise Refused("no_queue", "The queue is away. Try again in a moment.") from error
    with writing() as session:
        record(session, "job tried again", str(job.func_name), by=by, now=now)
