"""Whether every part that turns activity into standings is there and keeps up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from incentives.queue import QueueAway, answering_redis
from incentives.redis_memory import evicts
from incentives.store.heartbeats import heartbeats
from incentives.store.markers import oldest_stale

WORKER_SILENT_AFTER = timedelta(seconds=60)
TOO_OLD = timedelta(seconds=60)
REFRESHER = "refresh"


@dataclass(frozen=True, slots=True)
class Readiness:
    """Ages are in seconds; None where nothing waits, or nothing was ever seen."""

    database: bool
    redis: bool
    redis_evicts: bool
    worker_age: float | None
    oldest_uncalculated_age: float | None

    @property
    def has_worker(self) -> bool:
        return self.worker_age is not None and self.worker_age < WORKER_SILENT_AFTER.seconds

    @property
    def keeps_up(self) -> bool:
        return (self.oldest_uncalculated_age or 0) < TOO_OLD.seconds

    @property
    def is_ready(self) -> bool:
        return (
            self.database
            and self.redis
            and not self.redis_evicts
            and self.has_worker
            and self.keeps_up
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "status": "ready" if self.is_ready else "not ready",
            "database": self.database,
            "redis": self.redis,
            "redis_evicts": self.redis_evicts,
            "worker_heartbeat_age_seconds": self.worker_age,
            "oldest_uncalculated_age_seconds": self.oldest_uncalculated_age,
        }


def check_readiness(*, now: datetime) -> Readiness:
    try:
        beat, oldest = heartbeats().get(REFRESHER), oldest_stale()
    except SQLAlchemyError:
        return Readiness(False, *_redis(), None, None)
    answers, is_evicting = _redis()
    return Readiness(
        database=True,
        redis=answers,
        redis_evicts=is_evicting,
        worker_age=_age(beat, now),
        oldest_uncalculated_age=_age(oldest, now),
    )


def _age(then: datetime | None, now: datetime) -> float | None:
    return None if then is None else round((now - then).total_seconds(), 3)


def _redis() -> tuple[bool, bool]:
    """Whether it answers, and whether it would rather forget a job than refuse one."""
    try:
        with answering_redis() as client:
            memory = client.info("memory")
    except QueueAway:
        return False, False
    assert isinstance(memory, dict), "the client is synchronous"
    return True, evicts(memory)
