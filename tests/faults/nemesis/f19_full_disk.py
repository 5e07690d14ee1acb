"""The volume of the database is full; then there is room again. As root it is a small volume that
is filled to its end; else, for SQLite, no file of the service may grow."""

import resource
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.faults.plan import Plan
from tests.faults.reading import POSTGRES, SQLITE
from tests.faults.volume import can_be_made

NAME = "F19"
WHAT = "no byte left on the volume of the database, then room again without a restart"
PLAN = Plan(small_volume=True)
DATABASES = (SQLITE, POSTGRES) if can_be_made() else (SQLITE,)
TIMES = (1, 10)
LEFT = 256 * 1024
NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def inject(house, chance, times):
    for _ in range(times):
        _fill(house)
        before = len(house.load.answers.failures)
        house.wait_for(lambda before=before: len(house.load.answers.failures) > before)
        house.pause(3)
        _make_room(house)
        yield "full"


def _fill(house):
    if house.volume:
        house.volume.fill(leave=LEFT)
        return
    log = Path(house.database.path + "-wal")
    full = log.stat().st_size if log.exists() else 0
    for pid in house.writers():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))


def _make_room(house):
    if house.volume:
        house.volume.make_room()
        return
    for pid in house.writers():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, NO_LIMIT)


def holds(house):
    wrong = [status for status in house.load.answers.failures if status not in (503, 507)]
    if wrong:
        yield f"{len(wrong)} requests were answered with {sorted(set(wrong))}, not 503 or 507"
    if house.database.kind == POSTGRES:
        # Reads every page and every row of every table.
        house.database.rows("SELECT count(*) FROM activity")
        return
    with closing(sqlite3.connect(house.database.path)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchall()
    if found != [("ok",)]:
        yield f"the database is not sound: {found[:3]}"
