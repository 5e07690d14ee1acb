"""What it takes to be among the best half, quarter and tenth of a board."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

PERCENTS = (50, 25, 10)
# Of fewer the edges say who it is.
FEWEST = 4


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The score at the edge of the top `percent` of the board."""

    percent: int
    score: Decimal


def benchmarks(scores: Sequence[Decimal], *, lower_is_better: bool = False) -> list[Benchmark]:
    """The edges, the widest first; none where few are ranked.

    It is the last place that still belongs to the share, counted up: a tenth of 35 is 4 people.
    """
    if len(scores) < FEWEST:
        return []
    ordered = sorted(scores, reverse=not lower_is_better)
    return [
        Benchmark(percent, ordered[-(-len(ordered) * percent // 100) - 1]) for percent in PERCENTS
    ]
