"""How old the numbers are, told from the database alone: also when everything else is away."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from incentives.store.markers import oldest_stale
from incentives.store.parking import parked_since

# What is younger is on its ordinary way.
BEHIND_AFTER = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Freshness:
    """`as_of`: everything up to then is worked in, None where all of it is. `parked_since`: since
    when this payee could not be calculated."""

    as_of: datetime | None
    parked_since: datetime | None


def read_freshness(payee_id: int | None, *, now: datetime) -> Freshness:
    oldest = oldest_stale()
    is_behind = oldest is not None and now - oldest > BEHIND_AFTER
    return Freshness(
        as_of=oldest if is_behind else None,
        parked_since=None if payee_id is None else parked_since(payee_id),
    )
