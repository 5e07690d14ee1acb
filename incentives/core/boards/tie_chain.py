"""What decides between equal scores, and what has decided (semantics 28)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from incentives.core.measures import Kpi
from incentives.core.money import as_decimal
from incentives.core.ranking import NEVER, Entry, Number
from incentives.core.standings import kpi_value

MEASURE, FIRST_REACHED, NAME = "measure", "first_reached", "name"

# Behind everybody who has a number, also behind those who have 0.
_NOTHING = Decimal("-Infinity")


@dataclass(frozen=True, slots=True)
class TieReason:
    """Why one of two who share a score stands above the other, and which it is.

    `mine` and `theirs` are the numbers that decided: of the KPI whose slug is `kpi`, or the
    instants at which the score was reached, in microseconds since 1970. None where there is no
    number.
    """

    link: str
    label: str
    is_above: bool
    mine: Decimal | int | None = None
    theirs: Decimal | int | None = None
    kpi: str | None = None


def secondary(kpis: Sequence[Kpi], values: Mapping[str, Decimal]) -> tuple[Number, ...]:
    """What decides between equal scores, higher first."""
    found: list[Number] = []
    for kpi in kpis:
        value = kpi_value(kpi, values)
        if value is None:
            found.append(_NOTHING)
        else:
            found.append(-value if kpi.lower_is_better else value)
    return tuple(found)


def decided(mine: Entry, theirs: Entry, kpis: Sequence[Kpi]) -> TieReason:
    """The first link of the chain in which two of one score differ."""
    for kpi, own, other in zip(kpis, mine.secondary, theirs.secondary, strict=True):
        if own != other:
            numbers = _told(own, kpi), _told(other, kpi)
            return TieReason(MEASURE, kpi.label, own > other, *numbers, kpi.slug)
    if mine.first_reached != theirs.first_reached:
        return TieReason(
            FIRST_REACHED,
            "First to reach the score",
            mine.first_reached < theirs.first_reached,
            _instant(mine.first_reached),
            _instant(theirs.first_reached),
        )
    names = [(each.name.casefold(), each.entrant_id) for each in (mine, theirs)]
    return TieReason(NAME, "Name", names[0] < names[1])


def _told(value: Number, kpi: Kpi) -> Decimal | None:
    if value == _NOTHING:
        return None
    return as_decimal(-value if kpi.lower_is_better else value)


def _instant(micros: int) -> int | None:
    return None if micros == NEVER else micros
