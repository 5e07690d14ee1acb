"""Places, gaps and neighbours (semantics 27 to 31). Scores in, standings out."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from operator import attrgetter

from incentives.core.money import as_decimal

# A score: whole sums are decimals, ratios stay fractions so that equal ones are equal.
Number = Decimal | Fraction

# Sorts after every real instant: who never raised a score did not get there first.
NEVER = 2**62


@dataclass(frozen=True, slots=True)
class Entry:
    """An entrant's score before it is ranked.

    `score` is None where the entrant stands on the board but has too little to be ranked by.
    `first_reached` is the instant (any whole number that grows with time) of the last event that
    raised the score and still counts.
    """

    entrant_id: int
    name: str
    score: Number | None
    first_reached: int = NEVER
    secondary: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """One entrant's row. `place` is None where there is no score to rank.

    `gap` is what is missing to the next better score, None for the leader. Both are told as
    decimals: exact where they end, else to sixty digits.
    """

    entrant_id: int
    name: str
    score: Decimal | None
    place: int | None
    tied: bool
    gap: Decimal | None


def rank(
    entries: Sequence[Entry], *, lower_is_better: bool = False, ties: str = "competition"
) -> list[Standing]:
    """Rank by score. Tied entrants share a place: 1, 2, 2, 4; dense 1, 2, 2, 3; ordinal 1, 2, 3, 4.

    Rows stand in the order of the tie chain: secondary measures, first to reach the score, name.
    Entrants without a score follow, by name.
    """
    ordered = sorted(entries, key=lambda entry: _chain(entry, lower_is_better))
    standings: list[Standing] = []
    better: Number | None = None
    level = 0
    for score, several in groupby(ordered, key=attrgetter("score")):
        tied = list(several)
        if score is None:
            standings += (
                Standing(each.entrant_id, each.name, None, None, False, None) for each in tied
            )
            continue
        level += 1
        position = len(standings) + 1
        place = level if ties == "dense" else position
        gap = None if better is None else as_decimal(_between(better, score))
        told, shared, better = as_decimal(score), len(tied) > 1, score
        for at, each in enumerate(tied):
            own_place = position + at if ties == "ordinal" else place
            standings.append(Standing(each.entrant_id, each.name, told, own_place, shared, gap))
    return standings


def _between(one: Number, other: Number) -> Number:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return abs(one - other)
    return abs(Fraction(one) - Fraction(other))


def _chain(entry: Entry, lower_is_better: bool) -> tuple[object, ...]:
    if entry.score is None:
        return (1, 0, (), 0, entry.name.casefold(), entry.entrant_id)
    score = entry.score if lower_is_better else -entry.score
    secondary = tuple(-value for value in entry.secondary)
    return (0, score, secondary, entry.first_reached, entry.name.casefold(), entry.entrant_id)


def around(standings: Sequence[Standing], entrant_id: int, window: int) -> list[Standing]:
    """The rows around an entrant. The window is always full, also at the top and the bottom."""
    at = next(i for i, row in enumerate(standings) if row.entrant_id == entrant_id)
    return list(standings[window_at(at, window, len(standings))])


def window_at(at: int, window: int, rows: int) -> slice:
    """The slice of so many rows around the one at a place in the list; full wherever it can be."""
    first = min(max(0, at - window // 2), max(0, rows - window))
    return slice(first, first + window)


def movement(before: int | None, now: int | None) -> int | None:
    """Places climbed (positive) or lost since an earlier board; None where none can be told."""
    if before is None or now is None:
        return None
    return before - now
