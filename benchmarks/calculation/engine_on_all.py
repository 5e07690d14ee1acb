"""The engine on all processors, as a recalculation runs it: each process has a share of the payees
and keeps the lines it makes. DuckDB and Polars use all processors, too."""

import gc
import multiprocessing
import os
from multiprocessing.connection import Connection
from pathlib import Path

import polars as pl

from benchmarks.calculation import engine
from benchmarks.calculation.rows import SCHEMA

NAME = "the engine on all processors"


def load(directory: Path) -> engine.Loaded:
    return engine.load(directory)


def run(loaded: engine.Loaded) -> list[Connection]:
    """Done when every process has its lines; they are asked for afterwards."""
    shares = [loaded[first :: _processors()] for first in range(_processors())]
    fork = multiprocessing.get_context("fork")
    gc.freeze()
    ours = []
    for share in shares:
        parent, child = fork.Pipe()
        fork.Process(target=_calculate, args=(share, child), daemon=True).start()
        ours.append(parent)
    for connection in ours:
        connection.recv()
    return ours


def frame(result: list[Connection]) -> pl.DataFrame:
    for connection in result:
        connection.send("rows, please")
    rows = [row for connection in result for row in connection.recv()]
    return pl.DataFrame(rows, SCHEMA, orient="row")


def _processors() -> int:
    return len(os.sched_getaffinity(0))


def _calculate(share: engine.Loaded, connection: Connection) -> None:
    lines = engine.run(share)
    connection.send("done")
    connection.recv()
    connection.send(engine.frame(lines).rows())
    # Nothing of the parent's is taken down here: it goes on.
    os._exit(0)
