"""Redis is full: as it should be set it refuses another key, set otherwise it forgets keys."""

from contextlib import suppress

import redis

NAME = "F16"
WHAT = "Redis full at 10 MB: refusing every job and hint, then forgetting them; then room again"
TIMES = (1, 10)
MAXMEMORY = "10mb"
STUFFING = "stuffing"


def inject(house, chance, times):
    connection = house.connection()
    house.note("wrong", [])
    for _ in range(times):
        for policy in ("noeviction", "allkeys-lru"):
            connection.config_set("maxmemory-policy", policy)
            connection.config_set("maxmemory", MAXMEMORY)
            _stuff(connection)
            house.pause(3)
            if policy == "allkeys-lru":
                # What was asked for meanwhile is forgotten, too.
                _stuff(connection)
                house.noted["wrong"] += _start_is_refused(house)
            connection.config_set("maxmemory", "0")
            connection.config_set("maxmemory-policy", "noeviction")
            with suppress(redis.ResponseError):
                connection.delete(*connection.scan_iter(f"{STUFFING}*", count=1000), STUFFING)
            yield f"full, {policy}"


def _stuff(connection):
    """Until it takes no more, or has forgotten what was there before."""
    with suppress(redis.ResponseError):
        for number in range(4_000):
            connection.set(f"{STUFFING}-{number}", b"x" * 5_000)


def _start_is_refused(house):
    """Whoever would start the service with such a Redis is told why not."""
    code, said = house.starts()
    if code != 1 or "set its maxmemory-policy to noeviction" not in said:
        yield f"started with a Redis that forgets: {code} {said[-200:]}"


def holds(house):
    yield from house.noted["wrong"]
    answers = house.load.answers
    if answers.failures or answers.unanswered:
        yield f"intake was hurt: {answers.failures[:5]}, {answers.unanswered} without an answer"
