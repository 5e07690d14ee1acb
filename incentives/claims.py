"""Who is at which payee: a hint in Redis, so that two workers do not make the same sums. Where it
is lost both make them, and the store keeps them apart."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from redis import Redis

from incentives.queue import QueueAway, answering_redis

CLAIM = "incentives:at-payee:"
# A worker that died is waited for no longer; one that takes longer is joined by another.
CLAIMED_SECONDS = 5


@contextmanager
def claimed(payee_ids: Sequence[int]) -> Iterator[list[int]]:
    """Those of some payees at whom nobody else is: nobody else is given them meanwhile."""
    ours = list(payee_ids)
    with suppress(QueueAway), answering_redis() as client:
        ours = _claim(client, payee_ids)
    try:
        yield ours
    finally:
        if ours:
            # Where Redis is away, they run out by themselves.
            with suppress(QueueAway), answering_redis() as client:
                client.delete(*map(_key, ours))


def _claim(client: Redis, payee_ids: Sequence[int]) -> list[int]:
    with client.pipeline(transaction=False) as asked:
        for payee_id in payee_ids:
            asked.set(_key(payee_id), 1, nx=True, ex=CLAIMED_SECONDS)
        granted = asked.execute()
    return [payee_id for payee_id, is_ours in zip(payee_ids, granted, strict=True) if is_ours]


def _key(payee_id: int) -> str:
    return f"{CLAIM}{payee_id}"
