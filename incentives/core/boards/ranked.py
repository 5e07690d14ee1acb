"""A board as it is ranked, before anybody looks at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from incentives.core.boards import leagues
from incentives.core.ranking import Entry, Standing, rank
from incentives.core.standings import Entrant


@dataclass(frozen=True, slots=True)
class Ranked:
    """One entrant's row. `above` is the place of the next better score. `group` is the division or
    league, '' where the board has none, and `zone` where in the league one would go from here."""

    entrant: Entrant
    entry: Entry
    standing: Standing
    above: int | None = None
    group: str = ""
    zone: str | None = None


def ranked_rows(
    entrants: Sequence[Entrant],
    entries: Sequence[Entry],
    *,
    lower_is_better: bool,
    places: str,
    groups: Mapping[int, str] | None = None,
    order: Sequence[str] = (),
) -> list[Ranked]:
    """All rows, best first; with `groups` each group for itself, in this order of groups."""
    by_id = {entrant.id: entrant for entrant in entrants}
    if groups is None:
        return _rows(entries, by_id, "", lower_is_better, places)
    position = {name: at for at, name in enumerate(order)}
    ordered = sorted(entries, key=lambda entry: position[groups[entry.entrant_id]])
    found: list[Ranked] = []
    for name, members in groupby(ordered, key=lambda entry: groups[entry.entrant_id]):
        found += _rows(list(members), by_id, name, lower_is_better, places)
    return found


def _rows(
    entries: Sequence[Entry],
    by_id: Mapping[int, Entrant],
    group: str,
    lower_is_better: bool,
    places: str,
) -> list[Ranked]:
    entry_of = {entry.entrant_id: entry for entry in entries}
    rows = []
    above: int | None = None
    last: Standing | None = None
    for row in rank(entries, lower_is_better=lower_is_better, ties=places):
        if last is not None and row.score != last.score:
            above = last.place
        last = row
        better = above if row.gap is not None else None
        rows.append(Ranked(by_id[row.entrant_id], entry_of[row.entrant_id], row, better, group))
    return rows


def with_zones(rows: Sequence[Ranked], names: Sequence[str], move: int) -> list[Ranked]:
    """The rows of leagues, each with where one would go if the period ended now."""
    members = {name: list(found) for name, found in groupby(rows, key=lambda row: row.group)}
    found: list[Ranked] = []
    for at, name in enumerate(names):
        below = members[names[at + 1]] if at + 1 < len(names) else []
        up = _with_a_place(members[name][:move]) if at else 0
        down = _with_a_place(below[:move])
        for position, row in enumerate(members[name]):
            goes = leagues.zone(position, len(members[name]), up=up, down=down)
            found.append(Ranked(row.entrant, row.entry, row.standing, row.above, row.group, goes))
    return found


def _with_a_place(rows: Sequence[Ranked]) -> int:
    return sum(row.standing.place is not None for row in rows)
