"""Leagues of similar scores: after each period the best go up and the last go down.

All entrants stand in one ladder, best first, which is cut into leagues of one size. So who leaves
is made up for from below, and who is new begins at the foot. The ladder follows from the results
alone: nothing is stored that could get lost.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """The entrants of a period, best first; `ranked` are those of them who had a place."""

    order: Sequence[int]
    ranked: Collection[int]


UP, DOWN = "up", "down"


def name_of(league: int) -> str:
    """Leagues are counted from 1, the best."""
    return f"League {league}"


def next_ladder(ladder: Sequence[int], result: Result, size: int, move: int) -> list[int]:
    """The ladder after a period: in each league by result, then the first and last of two leagues
    next to each other change places. Nobody goes up without a place."""
    place = {entrant: at for at, entrant in enumerate(result.order)}
    stayed = [entrant for entrant in ladder if entrant in place]
    known = set(stayed)
    everybody = stayed + [entrant for entrant in result.order if entrant not in known]
    leagues = [
        sorted(everybody[first : first + size], key=place.__getitem__)
        for first in range(0, len(everybody), size)
    ]
    ranked = set(result.ranked)
    # From the foot up, so that nobody climbs two leagues at once: each boundary takes from the
    # leagues as the period left them.
    rises = [
        [entrant for entrant in league[:move] if entrant in ranked] if at else []
        for at, league in enumerate(leagues)
    ]
    falls = [
        leagues[at][len(leagues[at]) - len(rises[at + 1]) :] if at + 1 < len(leagues) else []
        for at in range(len(leagues))
    ]
    after = []
    for at, league in enumerate(leagues):
        leaving = {*rises[at], *falls[at]}
        coming_down = falls[at - 1] if at else []
        coming_up = rises[at + 1] if at + 1 < len(leagues) else []
        after += coming_down + [each for each in league if each not in leaving] + coming_up
    return after


def ladder_after(results: Sequence[Result], size: int, move: int) -> list[int]:
    """The ladder after some periods. The first period alone decides who begins where."""
    if not results:
        return []
    first, *rest = results
    ladder = list(first.order)
    for result in rest:
        ladder = next_ladder(ladder, result, size, move)
    return ladder


def leagues_of(ladder: Sequence[int], entrants: Collection[int], size: int) -> dict[int, int]:
    """The league of each entrant; who is not on the ladder yet comes at its foot."""
    here = set(entrants)
    on_it = [entrant for entrant in ladder if entrant in here]
    known = set(on_it)
    everybody = on_it + sorted(here - known)
    return {entrant: at // size + 1 for at, entrant in enumerate(everybody)}


def zone(position: int, count: int, *, up: int, down: int) -> str | None:
    """Where somebody at a position (from 0) of a league of so many goes, if the first and last so
    many of it go."""
    if position < up:
        return UP
    return DOWN if position >= count - down else None
