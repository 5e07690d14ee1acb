"""`python -m workers refresh | desk | ticker`: one process with one duty."""

import logging
import signal
import sys

from redis import Redis
from redis.exceptions import RedisError

from incentives import create_background_app
from incentives.queue import QUEUES
from incentives.redis_memory import evicts
from workers.ticker import run_for_ever
from workers.worker import make_worker


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("rq").setLevel(logging.WARNING)
    duty = sys.argv[1] if len(sys.argv) == 2 else ""
    if duty == "ticker":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        run_for_ever(create_background_app())
    if duty not in QUEUES:
        sys.stderr.write("usage: python -m workers refresh | desk | ticker\n")
        return 2
    app = create_background_app()
    url = app.config["REDIS_URL"]
    if url is None:
        sys.stderr.write("A worker needs a Redis: set REDIS_URL, or start with bin/run.\n")
        return 1
    # Its own connection: a worker waits on its queue for longer than a hint may take.
    client = Redis.from_url(url, health_check_interval=15)
    warn_if_it_evicts(client)
    make_worker(app, duty, client).work(logging_level="WARNING")
    return 0


def warn_if_it_evicts(client: Redis) -> None:
    try:
        memory = client.info("memory")
    except RedisError as error:
        # It may only be late: the worker says itself when it gives up, and is started again.
        logging.warning("Redis does not answer yet: %s", error)
        return
    assert isinstance(memory, dict), "the client is synchronous"
    if evicts(memory):
        logging.warning(
            "This Redis forgets keys when it is full, and with them jobs: set its "
            "maxmemory-policy to noeviction."
        )


if __name__ == "__main__":
    sys.exit(main())
