"""`python -m benchmarks.calculation`: only the engines, each beside the others."""

import tempfile
from pathlib import Path

from benchmarks.calculation import timing
from benchmarks.calculation.deals import DEALS, PAYEES, write_deals
from benchmarks.calculation.subject import OURS, PEERS

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="incentives-bench-") as name:
        directory = Path(name)
        write_deals(directory, deals=DEALS, payees=PAYEES)
        for engine, runs in timing.rounds((*OURS, *PEERS), directory).items():
            print(timing.as_line(engine, runs))
