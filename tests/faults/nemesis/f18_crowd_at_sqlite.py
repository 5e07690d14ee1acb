"""Four web processes, two workers and somebody who reads for a long time, all at one SQLite."""

from contextlib import closing
from pathlib import Path

from tests.faults.plan import Plan
from tests.faults.reading import SQLITE

NAME = "F18"
WHAT = "SQLite: four web processes, two workers, one long reading"
DATABASES = (SQLITE,)
PLAN = Plan(web_workers=4)
TIMES = (5, 60)  # seconds that the reading takes
LOAD = 80
MOST_WAL_MEGABYTES = 200


def inject(house, chance, times):
    with closing(house.database.connect()) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM posted_line").fetchall()
        house.pause(times)
        house.note("log", Path(house.database.path + "-wal").stat().st_size / 10**6)
        reading.execute("ROLLBACK")
    yield "read for long"


def holds(house):
    house.tell(
        f"{len(house.load.answers.tries)} writes; the log grew to {house.noted['log']:.1f} MB"
    )
    if house.load.answers.failures:
        yield f"clients were told: {house.load.answers.failures[:5]}"
    if house.noted["log"] > MOST_WAL_MEGABYTES:
        yield f"the write-ahead log grew to {house.noted['log']:.0f} MB"
