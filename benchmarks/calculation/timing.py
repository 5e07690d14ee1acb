"""Engines in turn, each run in a process of its own, so that none inherits another's memory."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds from what is loaded to the rows; MB in use before, and at the highest."""

    seconds: float
    loaded_mb: float
    peak_mb: float
    rows: int
    digest: str


def rounds(engines: Sequence[str], directory: Path) -> dict[str, list[Run]]:
    """`ROUNDS` runs of each engine, in turn. All must make the same rows."""
    runs: dict[str, list[Run]] = {engine: [] for engine in engines}
    for _ in range(ROUNDS):
        for engine in engines:
            runs[engine].append(_one(engine, directory))
    digests = {run.digest for done in runs.values() for run in done}
    assert len(digests) == 1, f"the engines disagree: {runs}"
    return runs


def _one(engine: str, directory: Path) -> Run:
    command = [sys.executable, "-m", "benchmarks.calculation.one_run", engine, str(directory)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Run(**json.loads(said))


def as_line(engine: str, runs: Sequence[Run]) -> str:
    seconds = sorted(run.seconds for run in runs)
    peak, loaded = median(run.peak_mb for run in runs), median(run.loaded_mb for run in runs)
    return (
        f"{engine:<16} {median(seconds):>7.2f} s [{seconds[0]:.2f}–{seconds[-1]:.2f}]"
        f" {runs[0].rows / median(seconds):>12,.0f} rows/s"
        f" {peak:>7,.0f} MB, of which input {loaded:,.0f}"
    )
