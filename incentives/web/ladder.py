"""The ladder of neighbours: positions to scale, labels moved aside until none touch."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from incentives.core.measures import Kpi
from incentives.core.ranking import Standing
from incentives.web import formats

# The drawing is a thousand wide; its ends stay free for half a label.
LEFT, RIGHT = 50, 950
APART = 105


@dataclass(frozen=True, slots=True)
class LadderMark:
    """`x` is to scale, `label_x` where its words stand; both 0 to 1000."""

    x: float
    label_x: float
    label: str
    value: str
    you: bool = False
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Point:
    """Something to mark, before it has a position."""

    value: Decimal
    label: str
    note: str
    you: bool = False


def neighbours(rows: Sequence[Standing], entrant_id: int, kpi: Kpi) -> list[LadderMark]:
    """The rows around an entrant as marks, each with how far it is away."""
    own = next(row.score for row in rows if row.entrant_id == entrant_id)
    assert own is not None, "only a ranked entrant has neighbours"
    points = [
        Point(
            row.score,
            f"{row.place} {row.name.split()[0]}",
            _away(kpi, row.score - own),
            row.entrant_id == entrant_id,
        )
        for row in rows
        if row.score is not None
    ]
    return marks(points, backwards=kpi.lower_is_better)


def _away(kpi: Kpi, difference: Decimal) -> str:
    text = formats.score(kpi, abs(difference))
    if difference == 0:
        return "level"
    return f"+{text}" if difference > 0 else f"{formats.MINUS}{text}"


def marks(points: Sequence[Point], *, backwards: bool = False) -> list[LadderMark]:
    """Place points on the drawing. You carry no words, so only the others need room."""
    if not points:
        return []
    low = min(point.value for point in points)
    width = max(point.value for point in points) - low
    placed = []
    for point in points:
        share = (point.value - low) / width if width else Decimal("0.5")
        share = 1 - share if backwards else share
        placed.append((LEFT + round((RIGHT - LEFT) * share, 1), point))
    placed.sort(key=lambda pair: pair[0])
    labels = iter(_apart([float(x) for x, point in placed if not point.you]))
    return [
        LadderMark(
            float(x),
            float(x) if point.you else next(labels),
            "" if point.you else point.label,
            point.note,
            point.you,
        )
        for x, point in placed
    ]


def _apart(positions: Sequence[float]) -> list[float]:
    """Move ascending positions until neighbours are far enough apart, within the drawing."""
    moved: list[float] = []
    for position in positions:
        moved.append(max(position, moved[-1] + APART) if moved else position)
    limit = float(RIGHT)
    for i in reversed(range(len(moved))):
        moved[i] = min(moved[i], limit)
        limit = moved[i] - APART
    return moved
