"""Give what failed another try: parked payees, and jobs that gave up."""

from datetime import datetime

from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer

from incentives.errors import NotFound, Refused
from incentives.queue import QUEUES, QueueAway, answering_redis, ask_for_refresh, queue_named
from incentives.store.audit import record
from incentives.store.parking import forget_pause
from incentives.store.people import Person
from incentives.store.transaction import writing


def try_payee_again(payee_id: int, *, by: int, now: datetime) -> None:
    """Calculate a parked payee now, not only after the next pause."""
    with writing() as session:
        person = session.get(Person, payee_id)
        if person is None:
            raise NotFound
        forget_pause(session, payee_id)
        record(session, "parked payee tried again", person.name, by=by, now=now)
    ask_for_refresh()


def retry_job(job_id: str, *, by: int, now: datetime) -> None:
    """Put a failed job back on its queue."""
    try:
        with answering_redis() as client:
            job = Job.fetch(job_id, connection=client, serializer=JSONSerializer)
            for name in QUEUES:
                registry = FailedJobRegistry(queue=queue_named(name, client))
                if job_id in registry.get_job_ids():
                    registry.requeue(job)
    except NoSuchJobError as error:
        raise NotFound("This job is not there any more.") from error
    except QueueAway as error:
        raise Refused(
            "no_queue", "No queue answers. The ticker does the work meanwhile."
        ) from error
    with writing() as session:
        record(session, "job tried again", str(job.func_name), by=by, now=now)
