"""The credits of many payees, one behind the other, as columns of 64-bit whole numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise, repeat
from typing import NamedTuple

import numpy as np

from incentives.core.bulk.numbers import Whole, joined
from incentives.core.case import Case
from incentives.core.columns import Columns


class Said(NamedTuple):
    """What is said of credits beside their numbers."""

    kind: str
    source: str
    attributes: Mapping[str, str]


@dataclass(slots=True)
class CrowdColumns:
    """`core/columns.Columns` of several payees, as arrays where the sums run over them.

    Payee number n has the credits [starts[n], starts[n + 1]), in the order of semantics 14; their
    amounts and quantities stand over `scales[n]`. `days` are proleptic Gregorian ordinals,
    `said_at` are numbers into `said`, which has each combination once.
    """

    starts: Sequence[int]
    scales: Sequence[int]
    activity_ids: Whole
    days: Whole
    amounts: Whole
    quantities: Whole
    said_at: Whole
    said: Sequence[Said]
    reversed_at: Mapping[int, datetime] = field(default_factory=dict)


@dataclass
class Crowd:
    """Payees whose cases have no credits but those in `columns`, each activity once, no overlays,
    all amounts in one currency."""

    cases: Sequence[Case]
    columns: CrowdColumns

    def __len__(self) -> int:
        return len(self.cases)

    @cached_property
    def sizes(self) -> Whole:
        return np.array([end - start for start, end in pairwise(self.columns.starts)], np.int64)

    @cached_property
    def owners(self) -> Whole:
        """The number of the payee of each credit."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.sizes)

    @cached_property
    def texts(self) -> Columns:
        """What conditions read, one row for each combination in `said`."""
        said = self.columns.said
        return Columns(
            activity_ids=[],
            moments=[],
            days=[],
            kinds=[each.kind for each in said],
            amounts=[],
            quantities=[],
            currencies=[],
            attributes=[each.attributes for each in said],
            scale=1,
            sources=[each.source for each in said],
        )


def crowd_of(cases: Sequence[Case], columns: Sequence[Columns]) -> Crowd:
    """A crowd of payees with their credits. Raises OverflowError for what has no 64-bit place."""
    starts = [0]
    for each in columns:
        starts.append(starts[-1] + len(each))
    reversed_at = {
        start + at: instant
        for start, each in zip(starts, columns, strict=False)
        for at, instant in each.reversed_at.items()
    }
    said_at, said = _said(columns)
    return Crowd(
        cases,
        CrowdColumns(
            starts=starts,
            scales=[each.scale for each in columns],
            activity_ids=joined(each.activity_ids for each in columns),
            days=joined([day.toordinal() for day in each.days] for each in columns),
            amounts=joined(each.amounts for each in columns),
            quantities=joined(each.quantities for each in columns),
            said_at=np.array(said_at, np.int64),
            said=said,
            reversed_at=reversed_at,
        ),
    )


def _said(columns: Sequence[Columns]) -> tuple[list[int], list[Said]]:
    """The number of what is said of each credit, and what that is. Most attributes that say the
    same are the same object; where they are not, it is said twice."""
    numbers, objects = _Numbers(), dict[int, Mapping[str, str]]()
    said_at: list[int] = []
    for each in columns:
        ids = list(map(id, each.attributes))
        objects.update(zip(ids, each.attributes, strict=True))
        sources = each.sources or repeat("")
        said_at += map(numbers.__getitem__, zip(each.kinds, sources, ids, strict=False))
    return said_at, [Said(kind, source, objects[said]) for kind, source, said in numbers]


class _Numbers(dict[tuple[str, str, int], int]):
    """Numbers given to whatever is asked for, in the order in which it comes."""

    def __missing__(self, key: tuple[str, str, int]) -> int:
        self[key] = len(self)
        return self[key]
