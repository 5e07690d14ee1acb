"""A whole year recalculated: from stored credits to posted lines with their working, beside a bare
copy of the same lines into a table without a key."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.calculation.deals import DEALS, PAYEES
from benchmarks.measure import Measure, compare
from benchmarks.stored_year import NOW, a_stored_year, databases
from benchmarks.workshop import Workshop
from incentives.extensions import db
from incentives.operations.recalculate import PORTION, recalculate
from incentives.store.driver import Driver
from incentives.store.posting import LINE
from incentives.store.transaction import writing

COLUMNS = ", ".join(LINE)


def measures(workshop: Workshop) -> Iterator[Measure]:
    with tempfile.TemporaryDirectory(prefix="incentives-bench-") as name:
        directory = Path(name)
        with databases(directory) as urls:
            for database, url in urls.items():
                with a_stored_year(directory, url, deals=DEALS, payees=PAYEES) as payees:
                    start = time.perf_counter()
                    lines = recalculate(payees, clock=lambda: NOW)
                    took = time.perf_counter() - start
                    copied = _bare_copy(payees)
                yield compare(
                    f"Recalculate a year, {lines:,} lines, {database}",
                    "s",
                    [took],
                    [copied],
                    "the same lines only copied",
                )


def _bare_copy(payees: list[int]) -> float:
    """Seconds to write the lines; reading them does not count."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE TABLE bare_line AS SELECT {COLUMNS} FROM posted_line LIMIT 0"
        )
    took = 0.0
    for first in range(0, len(payees), PORTION):
        with writing() as session:
            driver = Driver(session)
            rows = driver.rows(
                f"SELECT {COLUMNS} FROM posted_line WHERE payee_id IN :ids",
                ids=payees[first : first + PORTION],
            )
            start = time.perf_counter()
            driver.append("bare_line", LINE, rows)
        took += time.perf_counter() - start
    return took
