"""How the parts of the service are: for the administrator who wonders why a figure is late."""

from dataclasses import dataclass
from datetime import datetime

import redis
from rq.job import Job
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer

from incentives.operations.check_readiness import Readiness, check_readiness
from incentives.queue import QUEUES, QueueAway, answering_redis, queue_named
from incentives.store import calculation_issues, markers, parking, people
from incentives.store.heartbeats import heartbeats
from incentives.store.transaction import database_kind

MOST_FAILED = 20
MOST_ISSUES = 50


@dataclass(frozen=True, slots=True)
class FailedJob:
    id: str
    queue: str
    name: str
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class ParkedPayee:
    id: int
    name: str
    problem: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Issue:
    payee: str
    component: str
    period: str
    message: str


@dataclass(frozen=True, slots=True)
class SystemReading:
    """`waiting` and `failed` are None where no queue answers."""

    readiness: Readiness
    database: str
    redis: str | None
    heartbeats: list[tuple[str, datetime]]
    waiting: dict[str, int] | None
    failed: list[FailedJob] | None
    parked: list[ParkedPayee]
    issues: list[Issue]
    issue_count: int
    stale_count: int


def read_system(*, now: datetime) -> SystemReading:
    waiting, failed, kind = _queues()
    names = {person.id: person.name for person in people.payees()}
    issues = calculation_issues.issues_of()
    return SystemReading(
        readiness=check_readiness(now=now),
        database=database_kind(),
        redis=kind,
        heartbeats=sorted(heartbeats().items()),
        waiting=waiting,
        failed=failed,
        parked=[
            ParkedPayee(payee_id, names[payee_id], *said)
            for payee_id, said in parking.parked().items()
        ],
        issues=[
            Issue(names[issue.payee_id], issue.component, issue.period, issue.message)
            for issue in issues[:MOST_ISSUES]
        ],
        issue_count=len(issues),
        stale_count=len(markers.stale_payees()),
    )


def _queues() -> tuple[dict[str, int] | None, list[FailedJob] | None, str | None]:
    """How many jobs wait by queue, those that failed, and what kind of Redis holds them."""
    try:
        with answering_redis() as client:
            waiting = {name: queue_named(name, client).count for name in QUEUES}
            failed = [job for name in QUEUES for job in _failed(name, client)]
            info = client.info("server")
    except QueueAway:
        return None, None, "no queue answers"
    assert isinstance(info, dict), "the client is synchronous"
    product = info.get("server_name", "redis").capitalize()
    version = info.get("valkey_version") or info.get("redis_version")
    return waiting, failed, f"{product} {version}"


def _failed(queue_name: str, client: redis.Redis) -> list[FailedJob]:
    registry = FailedJobRegistry(queue=queue_named(queue_name, client))
    ids = registry.get_job_ids(0, MOST_FAILED - 1)
    found = Job.fetch_many(ids, connection=client, serializer=JSONSerializer)
    return [
        FailedJob(job.id, queue_name, str(job.func_name), job.ended_at, _reason(job))
        for job in found
        if job is not None
    ]


def _reason(job: Job) -> str:
    """The last line of what went wrong."""
    result = job.latest_result()
    lines = (result.exc_string or "").strip().splitlines() if result else []
    return lines[-1][:300] if lines else "It was lost with its worker."
