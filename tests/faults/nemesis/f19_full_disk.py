"""The volume is full: no file of the service may grow; then there is room again."""

import resource
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.faults.reading import SQLITE

NAME = "F19"
WHAT = "no byte more on the disk, then room again without a restart"
DATABASES = (SQLITE,)
TIMES = (1, 10)
NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def inject(house, chance, times):
    for _ in range(times):
        log = Path(house.database.path + "-wal")
        full = log.stat().st_size if log.exists() else 0
        for pid in house.writers():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
        before = len(house.load.answers.failures)
        house.wait_for(lambda before=before: len(house.load.answers.failures) > before, 20)
        house.pause(1)
        for pid in house.writers():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, NO_LIMIT)
        yield "full"


def holds(house):
    wrong = [status for status in house.load.answers.failures if status not in (503, 507)]
    if wrong:
        yield f"{len(wrong)} requests were answered with {sorted(set(wrong))}, not 503 or 507"
    with closing(sqlite3.connect(house.database.path)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchall()
    if found != [("ok",)]:
        yield f"the database is not sound: {found[:3]}"
