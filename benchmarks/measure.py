"""One measure beside its peer."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Measure:
    """Medians of both sides. `ratio` is ours ÷ peer, in the unit named."""

    name: str
    unit: str
    ours: float
    peer: float
    peer_name: str
    ratio: float


def compare(name: str, unit: str, ours: list[float], peer: list[float], peer_name: str) -> Measure:
    mine, theirs = median(ours), median(peer)
    return Measure(name, unit, round(mine, 3), round(theirs, 3), peer_name, round(mine / theirs, 4))


def write_report(measures: list[Measure], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(measure) for measure in measures], indent=2) + "\n")


def as_line(measure: Measure) -> str:
    return (
        f"{measure.name:<52} {measure.ours:>12,.1f} {measure.unit:<14}"
        f" {measure.peer:>12,.1f}  {measure.ratio:>8.3f}×  {measure.peer_name}"
    )
