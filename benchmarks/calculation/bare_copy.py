"""The floor of a whole recalculation: the same lines, ready-made, only put into a database.

No sums: the lines come from one of the peers, with their slices as a short text for the working.
`python -m benchmarks.calculation.bare_copy` prints the seconds of each way, commit included.
SQLite is set as the service sets it; PostgreSQL is that of the tests, which does not wait for the
disk.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl
import psycopg

from benchmarks.calculation import polars_frames
from benchmarks.calculation.deals import DEALS, PAYEES, write_deals
from benchmarks.calculation.rows import SLICES, in_order
from benchmarks.calculation.timing import ROUNDS
from tests.services.postgres_server import PostgresServer, address

TABLE = """
CREATE TABLE {} (
    id INTEGER PRIMARY KEY, payee_id BIGINT, activity_id BIGINT, component TEXT, kind TEXT,
    month INTEGER, amount_minor BIGINT, working TEXT
)
"""
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000;"
FROM_ANOTHER_TABLE = "INSERT INTO line SELECT * FROM ready"

Way = Callable[[], Any]


def ready_made_lines(directory: Path) -> pl.DataFrame:
    rows = in_order(polars_frames.run(polars_frames.load(directory)))
    working = pl.concat_str(SLICES, separator=" ").alias("working")
    return rows.select(pl.exclude(SLICES), working).with_row_index("id")


def into_sqlite(directory: Path, lines: pl.DataFrame) -> Iterator[tuple[str, float]]:
    rows = lines.rows()
    values = f" VALUES ({','.join('?' * lines.width)})"
    insert = "INSERT INTO line" + values
    with closing(sqlite3.connect(directory / "floor.db", isolation_level=None)) as connection:
        connection.executescript(PRAGMAS + TABLE.format("ready"))
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO ready" + values, rows)
        connection.execute("COMMIT")

        def timed(way: Way) -> float:
            connection.executescript("DROP TABLE IF EXISTS line; " + TABLE.format("line"))
            start = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            way()
            connection.execute("COMMIT")
            return time.perf_counter() - start

        for _ in range(ROUNDS):
            yield "SQLite executemany", timed(lambda: connection.executemany(insert, rows))
            yield "SQLite INSERT … SELECT", timed(lambda: connection.execute(FROM_ANOTHER_TABLE))


def into_postgres(lines: pl.DataFrame) -> Iterator[tuple[str, float]]:
    text = lines.write_csv(include_header=False).encode()

    def copied(connection: psycopg.Connection, table: str) -> None:
        with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy:
            copy.write(text)

    with _postgres() as connection:
        connection.execute(TABLE.format("ready"))
        copied(connection, "ready")
        connection.commit()

        def timed(way: Way) -> float:
            connection.execute("DROP TABLE IF EXISTS line")
            connection.execute(TABLE.format("line"))
            connection.commit()
            start = time.perf_counter()
            way()
            connection.commit()
            return time.perf_counter() - start

        for _ in range(ROUNDS):
            yield "PostgreSQL COPY", timed(lambda: copied(connection, "line"))
            yield (
                "PostgreSQL INSERT … SELECT",
                timed(lambda: connection.execute(FROM_ANOTHER_TABLE)),
            )


@contextmanager
def _postgres() -> Iterator[psycopg.Connection]:
    with tempfile.TemporaryDirectory(prefix="incentives-postgres-") as name:
        server = PostgresServer(Path(name))
        try:
            with psycopg.connect(address(server.directory, "postgres")) as connection:
                yield connection
        finally:
            server.stop()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="incentives-bench-") as name:
        directory = Path(name)
        write_deals(directory, deals=DEALS, payees=PAYEES)
        lines = ready_made_lines(directory)
        seconds: dict[str, list[float]] = {}
        for way, took in [*into_sqlite(directory, lines), *into_postgres(lines)]:
            seconds.setdefault(way, []).append(took)
        for way, all_took in seconds.items():
            print(f"{way:<28} {median(all_took):>6.2f} s [{min(all_took):.2f}–{max(all_took):.2f}]")


if __name__ == "__main__":
    main()
