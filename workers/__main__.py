"""`python -m workers refresh | desk | ticker`: one process with one duty."""

import logging
import signal
import sys

from incentives import create_app
from incentives.queue import QUEUES, redis_client
from workers.ticker import run_for_ever
from workers.worker import make_worker


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("rq").setLevel(logging.WARNING)
    duty = sys.argv[1] if len(sys.argv) == 2 else ""
    if duty == "ticker":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        run_for_ever(create_app())
    if duty not in QUEUES:
        sys.stderr.write("usage: python -m workers refresh | desk | ticker\n")
        return 2
    app = create_app()
    with app.app_context():
        client = redis_client()
    if client is None:
        sys.stderr.write("A worker needs a Redis: set REDIS_URL, or start with bin/run.\n")
        return 1
    make_worker(app, duty, client).work(logging_level="WARNING")
    return 0


if __name__ == "__main__":
    sys.exit(main())
