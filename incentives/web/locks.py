"""The lock of a month in words."""

from zoneinfo import ZoneInfo

from incentives.store.locks import PeriodLock
from incentives.web import formats


def locked_since(lock: PeriodLock, zone: ZoneInfo) -> str:
    """Locked since 3 Nov 2026 09:12, by Fay Berg."""
    by = f", by {lock.person.name}" if lock.person else ""
    return f"Locked since {formats.at(lock.locked_at, zone)}{by}"
