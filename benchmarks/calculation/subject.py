"""The engine's sums beside DuckDB, Polars and the naive Decimal model, equal to the cent."""

import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.calculation import timing
from benchmarks.calculation.deals import DEALS, PAYEES, write_deals
from benchmarks.measure import Measure, compare
from benchmarks.workshop import Workshop

OURS = ("engine", "engine_on_all")
PEERS = ("duckdb_sql", "polars_frames", "plain_decimal")


def measures(workshop: Workshop) -> Iterator[Measure]:
    with tempfile.TemporaryDirectory(prefix="incentives-bench-") as name:
        directory = Path(name)
        write_deals(directory, deals=DEALS, payees=PAYEES)
        runs = timing.rounds((*OURS, *PEERS), directory)
        for engine in OURS:
            ours = [run.seconds for run in runs[engine]]
            what = f"{_name(engine)}, {runs[engine][0].rows:,} lines"
            for peer in PEERS:
                yield compare(what, "s", ours, [run.seconds for run in runs[peer]], _name(peer))


def _name(engine: str) -> str:
    name: str = import_module(f"benchmarks.calculation.{engine}").NAME
    return name
