"""Arrays of 64-bit whole numbers: exact like Python's, as long as nothing grows out of them."""

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
# Twice as much, and one more, still fit.
LARGEST = 2**61


def joined(parts: Iterable[Sequence[int]]) -> Whole:
    """Columns one behind the other. Raises OverflowError for a number that has no place."""
    return np.array(list(chain.from_iterable(parts)), np.int64)


def largest(column: Whole) -> int:
    """The greatest distance from 0."""
    return int(np.abs(column).max()) if len(column) else 0


def check_fit(greatest: int) -> None:
    """Raises OverflowError where a number so great may come up."""
    if greatest > LARGEST:
        raise OverflowError(f"{greatest} does not fit into 64 bits with all that is done to it.")


def running(column: Whole, starts: Whole, runs: Whole) -> Whole:
    """The running sum of each run, with each credit; runs lie one behind the other. Raises
    OverflowError."""
    check_fit(largest(column) * max(1, len(column)))
    totals = np.cumsum(column)
    before = np.concatenate((np.zeros(1, np.int64), totals))[starts]
    return totals - before[runs]


def rounded(numbers: Whole, per: Whole) -> Whole:
    """Each number / `per`, rounded half up, away from zero (semantics 7)."""
    sizes = (2 * np.abs(numbers) + per) // (2 * per)
    return np.where(numbers < 0, -sizes, sizes)


def cut_where_they_change(*columns: Whole) -> tuple[Whole, Whole]:
    """Where runs begin in which all these columns stay the same, and the run of each entry."""
    changes = np.zeros(len(columns[0]), np.bool_)
    changes[:1] = True
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(changes), np.cumsum(changes) - 1
