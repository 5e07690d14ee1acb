"""The job queue. Redis only carries hints: what is lost here, the sweeper finds in SQL."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

import redis
from flask import current_app
from rq import Queue, Retry
from rq.serializers import JSONSerializer

from config import REDIS_PATIENCE
from incentives.store.transaction import once_committed

REFRESH, DESK = "refresh", "desk"
QUEUES = (REFRESH, DESK)

# Set while a refresh is on its way, so that a thousand activities ask for it once.
REFRESH_ASKED = "incentives:refresh-asked"
# Should who asked die before the job is on its queue, the next one asks again after so long.
ASKED_SECONDS = 10
FAILURES_KEPT_SECONDS = 7 * 24 * 3600
# A Redis that did not answer is left alone for so long: nobody else has to wait for it.
AWAY_SECONDS = 2.0

Answer = TypeVar("Answer")

log = logging.getLogger(__name__)


class QueueAway(Exception):
    """No Redis, or none that answers. Whoever asks goes on without."""


class _Hints:
    """One Redis, and since when it has not answered."""

    def __init__(self, url: str) -> None:
        self.client = redis.Redis.from_url(url, health_check_interval=15, **REDIS_PATIENCE)
        self.away_until = 0.0

    @contextmanager
    def answering(self) -> Iterator[redis.Redis]:
        if time.monotonic() < self.away_until:
            raise QueueAway
        try:
            yield self.client
        except redis.RedisError as error:
            self.away_until = time.monotonic() + AWAY_SECONDS
            log.warning("Redis does not answer, the sweeper will catch up: %s", error)
            raise QueueAway from error


@cache
def _hints(url: str) -> _Hints:
    return _Hints(url)


@contextmanager
def answering_redis() -> Iterator[redis.Redis]:
    """The Redis of this deployment. Raises QueueAway where there is none, or none that answers."""
    url = current_app.config.get("REDIS_URL")
    if not url:
        raise QueueAway
    with _hints(url).answering() as client:
        yield client


def queue_named(name: str, client: redis.Redis) -> Queue:
    # JSON, because the default pickles: whoever can write to Redis could then run code.
    return Queue(name, connection=client, serializer=JSONSerializer)


def enqueue(queue_name: str, job: str, *args: Any) -> bool:
    """Ask for a job by its dotted name. False where Redis is away; the caller goes on."""
    return _or_else(False, lambda client: _enqueue(client, queue_name, job, *args))


def enqueue_unless_waiting(queue_name: str, job: str, *args: Any) -> bool:
    """The same, unless something waits on that queue already: whoever takes it finds this, too.
    A backlog then never grows by being looked at."""
    return _or_else(False, lambda client: _enqueue_unless_waiting(client, queue_name, job, *args))


def _enqueue_unless_waiting(client: redis.Redis, queue_name: str, job: str, *args: Any) -> bool:
    if queue_named(queue_name, client).count:
        return True
    return _enqueue(client, queue_name, job, *args)


def _enqueue(client: redis.Redis, queue_name: str, job: str, *args: Any) -> bool:
    # Tried again at once: RQ would need a scheduler to do it later, and later the sweeper asks.
    queue_named(queue_name, client).enqueue(
        job,
        *args,
        retry=Retry(max=3),
        result_ttl=0,
        failure_ttl=FAILURES_KEPT_SECONDS,
        job_timeout=600,
    )
    return True


def ask_for_refresh() -> None:
    """Hint that payees are stale. Asked again before the job begins, it is one job."""
    once_committed(lambda: _or_else(None, _ask_for_refresh))


def _ask_for_refresh(client: redis.Redis) -> None:
    if client.set(REFRESH_ASKED, 1, nx=True, ex=ASKED_SECONDS):
        _enqueue_unless_waiting(client, REFRESH, "workers.jobs.refresh_stale")


def refresh_begins() -> None:
    """Take the hint back BEFORE reading what is stale: what comes later asks anew."""
    _or_else(0, lambda client: client.delete(REFRESH_ASKED))


def _or_else(otherwise: Answer, ask: Callable[[redis.Redis], Any]) -> Answer:
    try:
        with answering_redis() as client:
            answer: Answer = ask(client)
            return answer
    except QueueAway:
        return otherwise
