"""A Redis or Valkey run by somebody else: is it there, and may it be trusted with jobs?"""

import redis

from incentives.redis_memory import evicts
from incentives.supervisor.messages import CannotStart


def check(url: str) -> None:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as connection:
            memory = connection.info("memory")
    except ValueError as error:
        raise CannotStart(f"REDIS_URL cannot be read: {error}.") from error
    except redis.RedisError as error:
        raise CannotStart(f"The Redis of REDIS_URL cannot be used: {error}") from error
    refuse_if_it_evicts(memory)


def refuse_if_it_evicts(memory: dict[str, object]) -> None:
    if evicts(memory):
        raise CannotStart(
            f"The Redis of REDIS_URL drops keys when it is full (maxmemory-policy "
            f"{memory['maxmemory_policy']}) and would lose jobs; set its maxmemory-policy to "
            f"noeviction."
        )
