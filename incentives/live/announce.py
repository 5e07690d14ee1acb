"""Tell every streaming process that the boards are at a new version.

The message carries the version only. Pub/sub may lose it: streams also look by themselves.
"""

from contextlib import suppress

from incentives.queue import QueueAway, answering_redis
from incentives.store.markers import board_version
from incentives.store.transaction import once_committed

CHANNEL = "incentives:boards"


def announce() -> None:
    once_committed(_publish)


def _publish() -> None:
    with suppress(QueueAway), answering_redis() as client:
        client.publish(CHANNEL, board_version())
