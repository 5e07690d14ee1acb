"""Who wins what when places are shared (semantics 32)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from incentives.core.money import divide
from incentives.core.ranking import Standing


def award(
    standings: Sequence[Standing],
    prizes: Mapping[int, int],
    *,
    reserve: Decimal | None = None,
) -> dict[int, int]:
    """Minor units won by each entrant, for prizes given by place.

    Tied entrants pool the prizes of the places they fill and share evenly, left-over cents in the
    order of the tie chain. A score of 0 or less wins nothing. Below the reserve a prize is withheld
    and does not move down.
    """
    won: dict[int, int] = {}
    for place, group in _by_place(standings).items():
        pool = sum(prizes.get(place + taken, 0) for taken in range(len(group)))
        score = group[0].score
        if pool == 0 or not score or score < max(reserve or 0, 0):
            continue
        parts = divide(pool, [Decimal(1)] * len(group))
        won.update({row.entrant_id: part for row, part in zip(group, parts, strict=True)})
    return won


def _by_place(standings: Sequence[Standing]) -> dict[int, list[Standing]]:
    groups: dict[int, list[Standing]] = {}
    for row in standings:
        if row.place is not None:
            groups.setdefault(row.place, []).append(row)
    return groups
