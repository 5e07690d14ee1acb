"""One engine, once, in a process of its own: `python -m benchmarks.calculation.one_run ENGINE DIR`.

Prints a line of JSON: seconds, the memory at its highest while running and before it, both in MB,
the number of rows and their digest. What was loaded is kept out of the collector's way for every
engine alike.
"""

import gc
import json
import sys
import time
from importlib import import_module
from pathlib import Path

from benchmarks.calculation.rows import digest


def main(engine_name: str, directory: Path) -> None:
    engine = import_module(f"benchmarks.calculation.{engine_name}")
    loaded = engine.load(directory)
    gc.collect()
    gc.freeze()
    loaded_mb = _start_of_memory()
    start = time.perf_counter()
    result = engine.run(loaded)
    seconds = time.perf_counter() - start
    peak_mb = _memory("VmHWM")
    gc.unfreeze()
    rows = engine.frame(result)
    said = {"seconds": seconds, "peak_mb": peak_mb, "loaded_mb": loaded_mb}
    print(json.dumps({**said, "rows": rows.height, "digest": digest(rows)}))


def _start_of_memory() -> float:
    """Forget how high memory was while loading; what is in use now, in MB."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1_024
    raise AssertionError(f"Linux says {name} of every process")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
