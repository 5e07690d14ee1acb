"""Whether one of two who write at once waits for the other, as their database sees it."""

import time
from threading import get_ident

from sqlalchemy import event, text

from incentives.extensions import db

LOCKED = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""


class Waiting:
    """Made before the two begin, of whom nobody else writes meanwhile."""

    def __init__(self):
        self._writers = set()
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "before_cursor_execute", self._hear)

    def _hear(self, connection, cursor, statement, *_):
        if statement == "BEGIN IMMEDIATE":
            self._writers.add(get_ident())

    def one_waits(self):
        """On SQLite: both have said that they will write, and neither has ended."""
        if db.engine.dialect.name == "sqlite":
            return len(self._writers) == 2
        with db.engine.connect() as connection:
            return connection.scalar(text(LOCKED)) > 0


def until(holds, seconds=30):
    patience = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < patience, f"not within {seconds} seconds"
        time.sleep(0.005)
