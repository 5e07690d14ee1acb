"""A board that is ranked, with what hangs on it, and the one that follows when some changed."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from incentives.core.boards.benchmarks import Benchmark, benchmarks
from incentives.core.boards.parts import LEAGUES
from incentives.core.boards.ranked import Ranked
from incentives.core.boards.spans import compared_with
from incentives.core.calendar import Period
from incentives.core.ranking import Entry, movement
from incentives.core.standings import kpi_told
from incentives.operations.board_field import Field
from incentives.operations.board_ranking import (
    Asked,
    counting,
    entries_on,
    field_of,
    groups_of,
    places_by,
    ranked,
)
from incentives.operations.board_sums import sums

# By entrant.
Entries = Mapping[int, Entry]
Values = Mapping[int, Decimal]


@dataclasses.dataclass(frozen=True)
class Earlier:
    """The scores of another span, and the places by them."""

    entries: Entries
    places: Mapping[int, int | None]


@dataclasses.dataclass
class Snapshot:
    """A ranked board; what not every page asks for is made when it is."""

    field: Field
    entries: Entries
    groups_of: Mapping[int, str] | None
    groups: tuple[str, ...]
    rows: Sequence[Ranked]
    lower_is_better: bool
    earlier: dict[str, Earlier] = dataclasses.field(default_factory=dict)
    in_parts: dict[Period, Values] = dataclasses.field(default_factory=dict)

    @cached_property
    def place_of(self) -> Mapping[int, int]:
        """Where on the board each entrant stands, from 0."""
        return {row.entrant.id: at for at, row in enumerate(self.rows)}

    @property
    def is_empty(self) -> bool:
        return not any(row.standing.score for row in self.rows)

    @cached_property
    def benchmarks(self) -> list[Benchmark]:
        """The scores at the edges of the best half, quarter and tenth."""
        scores = [row.standing.score for row in self.rows if row.standing.score is not None]
        return benchmarks(scores, lower_is_better=self.lower_is_better)

    @property
    def lead(self) -> Decimal | None:
        """What the first place is ahead by; None where it is shared by all."""
        behind = next((row.standing for row in self.rows if (row.standing.place or 0) > 1), None)
        return behind.gap if behind else None

    def moved(self, row: Ranked, since: str, asked: Asked) -> int | None:
        """Places climbed; None where that cannot be told."""
        span = None if asked.contest else _span_then(since, asked)
        if span is None:
            return None
        if since not in self.earlier:
            self.earlier[since] = _earlier(asked, self, _entries(asked, self.field, span))
        return movement(self.earlier[since].places.get(row.entrant.id), row.standing.place)

    def best_of(self, parts: Sequence[Period], asked: Asked) -> list[Decimal | None]:
        """The best number on the whole board in each part of the span."""
        best = min if asked.kpi.lower_is_better else max
        for part in parts:
            if part not in self.in_parts:
                self.in_parts[part] = _values(asked, self.field, part)
        return [best(self.in_parts[part].values(), default=None) for part in parts]


def rank_board(asked: Asked, entered: Field | None = None) -> Snapshot:
    """A board ranked anew; `entered` are those who stand on it, where that is known."""
    entered = entered or field_of(asked)
    groups, names = groups_of(asked, entered)
    return _ranked(asked, entered, _entries(asked, entered, asked.span), groups, names)


def can_follow(asked: Asked) -> bool:
    """Whether a change of results changes the scores of those alone whose results they are: a
    contest has a clock of its own, and a league is what all earlier results made of it."""
    divide = asked.definition.divide
    return (
        asked.contest is None
        and asked.cut.last is None
        and (divide is None or divide.by != LEAGUES)
    )


def follow(before: Snapshot, asked: Asked, payee_ids: Collection[int]) -> Snapshot:
    """The board after the results of some payees have changed: equal to one ranked anew."""

    def those_over(span: Period) -> Field:
        return before.field.only(counting(asked, before.field, span, payee_ids))

    some = those_over(asked.span)
    after = _ranked(
        asked,
        before.field,
        {**before.entries, **_entries(asked, some, asked.span)},
        before.groups_of,
        before.groups,
    )
    for since, earlier in list(before.earlier.items()):
        span = _span_then(since, asked)
        assert span is not None, "it was looked at before"
        after.earlier[since] = _followed(
            earlier, asked, after, _entries(asked, those_over(span), span)
        )
    for part, values in list(before.in_parts.items()):
        others = {each: value for each, value in values.items() if each not in some.ids}
        after.in_parts[part] = {**others, **_values(asked, some, part)}
    return after


def _ranked(
    asked: Asked,
    entered: Field,
    entries: Entries,
    groups: Mapping[int, str] | None,
    names: tuple[str, ...],
) -> Snapshot:
    rows = ranked(asked, entered, list(entries.values()), groups, names)
    # In their order: the next time few have to be put in another place.
    entries = {row.entrant.id: row.entry for row in rows}
    return Snapshot(entered, entries, groups, names, rows, asked.kpi.lower_is_better)


def _followed(before: Earlier, asked: Asked, after: Snapshot, changed: Entries) -> Earlier:
    """What is sold today changes no score of yesterday."""
    if changed.items() <= before.entries.items():
        return before
    return _earlier(asked, after, {**before.entries, **changed})


def _earlier(asked: Asked, board: Snapshot, entries: Entries) -> Earlier:
    return Earlier(entries, places_by(asked, list(entries.values()), board.groups_of))


def _entries(asked: Asked, entered: Field, span: Period) -> Entries:
    return {entry.entrant_id: entry for entry in entries_on(asked, entered, span)}


def _values(asked: Asked, entered: Field, part: Period) -> Values:
    kpi = asked.kpi
    done = sums(entered, kpi.measures, part, asked.cut, asked.company)
    return {
        entrant: value
        for entrant, each in done.items()
        if entrant in entered.ids and (value := kpi_told(kpi, each.values))
    }


def _span_then(since: str, asked: Asked) -> Period | None:
    return compared_with(asked.span, since, asked.today, asked.calendar)
