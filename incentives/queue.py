"""The job queue. Redis only carries hints: what is lost here, the sweeper finds in SQL."""

import logging
from functools import cache
from typing import Any

import redis
from flask import current_app
from rq import Queue, Retry
from rq.serializers import JSONSerializer

REFRESH, DESK = "refresh", "desk"
QUEUES = (REFRESH, DESK)

# Set while a refresh is on its way, so that a thousand activities ask for it once.
REFRESH_ASKED = "incentives:refresh-asked"

log = logging.getLogger(__name__)


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url, socket_connect_timeout=1, socket_timeout=1, health_check_interval=15
    )


def redis_client() -> redis.Redis | None:
    """The Redis of this deployment, or None where none is configured."""
    url = current_app.config.get("REDIS_URL")
    return _client(url) if url else None


def queue_named(name: str, client: redis.Redis) -> Queue:
    # JSON, because the default pickles: whoever can write to Redis could then run code.
    return Queue(name, connection=client, serializer=JSONSerializer)


def enqueue(queue_name: str, job: str, *args: Any) -> bool:
    """Ask for a job by its dotted name. False where Redis is away; the caller goes on."""
    client = redis_client()
    if client is None:
        return False
    try:
        queue_named(queue_name, client).enqueue(
            job, *args, retry=Retry(max=3, interval=[1, 5, 30]), result_ttl=0, job_timeout=600
        )
    except redis.RedisError as error:
        log.warning("The queue is away, the sweeper will catch up: %s", error)
        return False
    return True


def ask_for_refresh() -> None:
    """Hint that payees are stale. Asked again before the job begins, it is one job."""
    client = redis_client()
    if client is None:
        return
    try:
        asked = client.set(REFRESH_ASKED, 1, nx=True, ex=30)
    except redis.RedisError as error:
        log.warning("The queue is away, the sweeper will catch up: %s", error)
        return
    if asked:
        enqueue(REFRESH, "workers.jobs.refresh_stale")


def refresh_begins() -> None:
    """Take the hint back BEFORE reading what is stale: what comes later asks anew."""
    client = redis_client()
    if client is not None:
        client.delete(REFRESH_ASKED)
