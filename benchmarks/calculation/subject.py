"""The engine's sums beside DuckDB, Polars and the naive Decimal model, equal to the cent."""

import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.calculation import timing
from benchmarks.calculation.deals import DEALS, PAYEES, write_deals
from benchmarks.measure import Measure, compare
from benchmarks.workshop import Workshop

OURS = "engine"
PEERS = ("duckdb_sql", "polars_frames", "plain_decimal")


def measures(workshop: Workshop) -> Iterator[Measure]:
    with tempfile.TemporaryDirectory(prefix="incentives-bench-") as name:
        directory = Path(name)
        write_deals(directory, deals=DEALS, payees=PAYEES)
        runs = timing.rounds((OURS, *PEERS), directory)
        ours = [run.seconds for run in runs[OURS]]
        lines = f"{runs[OURS][0].rows:,} lines"
        for peer in PEERS:
            seconds = [run.seconds for run in runs[peer]]
            peer_name = import_module(f"benchmarks.calculation.{peer}").NAME
            yield compare(f"Sums of a year, {lines}", "s", ours, seconds, peer_name)
