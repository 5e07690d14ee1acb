"""Tell every streaming process that the boards are at a new version.

The message carries the version only. Pub/sub may lose it: streams also look by themselves.
"""

import logging

import redis

from incentives.queue import redis_client
from incentives.store.markers import board_version

CHANNEL = "incentives:boards"

log = logging.getLogger(__name__)


def announce() -> None:
    client = redis_client()
    if client is None:
        return
    try:
        client.publish(CHANNEL, board_version())
    except redis.RedisError as error:
        log.warning("The boards could not be told, they look again by themselves: %s", error)
