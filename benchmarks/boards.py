"""Boards of ten and of a hundred thousand people: one person's place and neighbours, a page, and a
version later, beside ranking everybody anew. In milliseconds of processor."""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.crowd import NOW, a_crowd, sell_more
from benchmarks.measure import Measure, compare
from benchmarks.workshop import Workshop
from incentives.core.boards.privacy import Viewer
from incentives.extensions import db
from incentives.operations.board_snapshots import forget
from incentives.operations.read_board import BoardReading, read_board

ROUNDS = 5
CROWDS = (10_000, 100_000)
# So many sold something since the version before.
SOLD = 25
PEER = "the same after ranking everybody anew"


def measures(workshop: Workshop) -> Iterator[Measure]:
    for people in CROWDS:
        with tempfile.TemporaryDirectory(prefix="incentives-crowd-") as name:
            with a_crowd(Path(name), people) as ids:
                yield from _of(ids)


def _of(ids: list[int]) -> Iterator[Measure]:
    viewer = Viewer("rep", ids[len(ids) // 2])
    anew = [_taken(lambda: (forget(), _read(viewer, limit=50))) for _ in range(2)]
    later = []
    for turn in range(ROUNDS):
        sell_more(ids[turn * SOLD : (turn + 1) * SOLD])
        later.append(_taken(lambda: _read(viewer, limit=50)))
    board = _read(viewer, limit=50, with_parts=False)
    page = [_taken(lambda: _read(viewer, first=len(ids) // 2, limit=50)) for _ in range(ROUNDS)]
    around = [_taken(lambda: _read(viewer, around=11, with_parts=False)) for _ in range(ROUNDS)]
    slices = [_taken(lambda: board.neighbours(11)) for _ in range(ROUNDS)]
    crowd = f"{len(ids):,} people"
    yield compare(f"{SOLD} have sold something, {crowd}", "ms", later, anew, PEER)
    yield compare(f"A page of 50, {crowd}", "ms", page, anew, PEER)
    yield compare(f"Place and neighbours asked for, {crowd}", "ms", around, anew, PEER)
    yield compare(f"Neighbours on the board at hand, {crowd}", "ms", slices, anew, PEER)


def _read(viewer: Viewer, **asked: object) -> BoardReading:
    db.session.rollback()
    return read_board("revenue", viewer=viewer, now=NOW, **asked)


def _taken(do: Callable[[], object]) -> float:
    began = time.process_time()
    do()
    return (time.process_time() - began) * 1000
