"""The one place that asks what time it is. Core never does; operations are told."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
