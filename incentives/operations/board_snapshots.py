"""Ranked boards, kept in this process: each is ranked once for a version, and everything that is
shown of it, a page, a neighbourhood or a search, is a slice.

What is kept is only found again under the same version, so it never has to be thrown away in time.
"""

import dataclasses
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from incentives.core.boards.benchmarks import Benchmark, benchmarks
from incentives.core.boards.ranked import Ranked
from incentives.core.boards.spans import compared_with
from incentives.core.calendar import Period
from incentives.core.ranking import movement
from incentives.core.standings import kpi_told
from incentives.extensions import db
from incentives.operations.board_field import Field
from incentives.operations.board_ranking import Asked, field_of, places_then, ranked
from incentives.operations.board_sums import sums
from incentives.store import audit, markers
from incentives.store.data_state import unless_written

# Of one process; a board of 10,000 people takes some 10 MB.
MOST = 32


@dataclasses.dataclass(frozen=True, slots=True)
class Stamp:
    """What a ranked board is made of: how many changes the results contain, and how many were made
    to people, teams, quotas and boards."""

    version: int
    settings: int

    def on(self, today: date) -> str:
        """With the day: "this quarter" and movement since this morning depend on it."""
        return f"{self.version}-{self.settings}-{today.isoformat()}"


def stamp() -> Stamp:
    """Read before the rows: what is shown may contain more than it says, never less."""
    return unless_written(
        db.session(), "stamp", lambda: Stamp(markers.board_version(), audit.newest_id())
    )


@dataclasses.dataclass
class Snapshot:
    """A ranked board with what hangs on it; what not every page asks for is made when it is."""

    field: Field
    rows: Sequence[Ranked]
    groups: tuple[str, ...]
    lower_is_better: bool
    place_of: Mapping[int, int]
    _moved: dict[str, list[int | None]] = dataclasses.field(default_factory=dict)
    _best: dict[tuple[Period, ...], list[Decimal | None]] = dataclasses.field(default_factory=dict)
    _benchmarks: list[Benchmark] | None = None

    @property
    def is_empty(self) -> bool:
        return not any(row.standing.score for row in self.rows)

    @property
    def benchmarks(self) -> list[Benchmark]:
        """The scores at the edges of the best half, quarter and tenth."""
        if self._benchmarks is None:
            scores = [row.standing.score for row in self.rows if row.standing.score is not None]
            self._benchmarks = benchmarks(scores, lower_is_better=self.lower_is_better)
        return self._benchmarks

    @property
    def lead(self) -> Decimal | None:
        """What the first place is ahead by; None where it is shared by all."""
        behind = next((row.standing for row in self.rows if (row.standing.place or 0) > 1), None)
        return behind.gap if behind else None

    def moved(self, since: str, asked: Asked) -> list[int | None]:
        """Places climbed, in the order of the rows; None where that cannot be told."""
        if since not in self._moved:
            self._moved[since] = self._movement(since, asked)
        return self._moved[since]

    def best_of(self, parts: Sequence[Period], asked: Asked) -> list[Decimal | None]:
        """The best number on the whole board in each part of the span."""
        key = tuple(parts)
        if key not in self._best:
            self._best[key] = [self._best_in(part, asked) for part in parts]
        return self._best[key]

    def _movement(self, since: str, asked: Asked) -> list[int | None]:
        span = None if asked.contest else self._span_then(since, asked)
        if span is None:
            return [None] * len(self.rows)
        groups = {row.entrant.id: row.group for row in self.rows} if self.groups else None
        before = places_then(asked, self.field, span, groups)
        return [movement(before.get(row.entrant.id), row.standing.place) for row in self.rows]

    def _span_then(self, since: str, asked: Asked) -> Period | None:
        return compared_with(asked.span, since, asked.today, asked.calendar)

    def _best_in(self, part: Period, asked: Asked) -> Decimal | None:
        kpi = asked.kpi
        done = sums(self.field, kpi.measures, part, asked.cut, asked.company)
        here = (each for entrant, each in done.items() if entrant in self.place_of)
        values = [value for each in here if (value := kpi_told(kpi, each.values))]
        return (min if kpi.lower_is_better else max)(values, default=None)


def rank_board(asked: Asked, entered: Field | None = None) -> Snapshot:
    """A board ranked anew; `entered` are those who stand on it, where that is known."""
    entered = entered or field_of(asked)
    rows, groups = ranked(asked, entered)
    place_of = {row.entrant.id: at for at, row in enumerate(rows)}
    return Snapshot(entered, rows, groups, asked.kpi.lower_is_better, place_of)


class _Kept:
    """The boards of one database that were looked at last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: OrderedDict[object, Any] = OrderedDict()

    def get(self, key: object) -> Any | None:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: object, found: Any) -> None:
        with self._lock:
            self._found[key] = found
            while len(self._found) > MOST:
                self._found.popitem(last=False)


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def forget() -> None:
    """Rank everything anew from now on."""
    _kept.pop(db.engine, None)


def snapshot(asked: Asked, board_id: int, made_of: Stamp) -> Snapshot:
    """A board as it is ranked at a version: the one that is kept, or ranked now."""
    kept = _kept.setdefault(db.engine, _Kept())
    team_id = asked.team.id if asked.team else None
    # An edited board is another change of settings, so its document need not be compared.
    key = (board_id, asked.span, team_id, asked.today, asked.cut, made_of)
    found: Snapshot | None = kept.get(key)
    if found is None:
        # Who stands on a board changes with the settings only, and results change all the time.
        who = ("field", board_id, asked.span, team_id, asked.cut, made_of.settings)
        entered = kept.get(who)
        if entered is None:
            kept.put(who, entered := field_of(asked))
        found = rank_board(asked, entered)
        kept.put(key, found)
    return found
