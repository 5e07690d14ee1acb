"""The ladder of neighbours: positions to scale, labels moved aside until none touch."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from incentives.core.measures import Kpi
from incentives.core.ranking import Standing
from incentives.web import formats

# The drawing is a thousand wide. A mark near an end has its words turned inwards.
LEFT, RIGHT = 40, 960
TURNED = 80
# How far apart words must stand on a wide drawing, on one in a card, and on a phone.
WIDE, CARD, NEAR = 105, 240, 230


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


def neighbours(
    rows: Sequence[Standing], entrant_id: int, kpi: Kpi, *, apart: int = WIDE
) -> list[LadderMark]:
    """The rows around an entrant as marks, each with how far it is away."""
    own = next(row.score for row in rows if row.entrant_id == entrant_id)
    assert own is not None, "only a ranked entrant has neighbours"
    called = _short_names([row.name for row in rows])
    points = [
        Point(
            row.score,
            f"{row.place} {called[row.name]}",
            _away(kpi, row.score - own),
            row.entrant_id == entrant_id,
        )
        for row in rows
        if row.score is not None
    ]
    return marks(points, backwards=kpi.lower_is_better, apart=apart)


def _short_names(names: Sequence[str]) -> dict[str, str]:
    """First names; the last ones of those who share it, as all pseudonyms do."""
    first = Counter(name.split()[0] for name in names)
    return {name: name.split()[0 if first[name.split()[0]] == 1 else -1] for name in names}


def _away(kpi: Kpi, difference: Decimal) -> str:
    text = formats.score(kpi, abs(difference))
    if difference == 0:
        return "level"
    return f"+{text}" if difference > 0 else f"{formats.MINUS}{text}"


def marks(
    points: Sequence[Point], *, backwards: bool = False, apart: int = WIDE
) -> list[LadderMark]:
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
    labels = iter(_moved_apart([float(x) for x, point in placed if not point.you], apart))
    return [
        LadderMark(float(x), float(x), "", point.note, you=True)
        if point.you
        else _mark(float(x), next(labels), point)
        for x, point in placed
    ]


def _mark(x: float, label_x: float, point: Point) -> LadderMark:
    if label_x < TURNED:
        return LadderMark(x, 0, point.label, point.note, anchor="start")
    if label_x > 1000 - TURNED:
        return LadderMark(x, 1000, point.label, point.note, anchor="end")
    return LadderMark(x, label_x, point.label, point.note)


def _moved_apart(positions: Sequence[float], apart: int) -> list[float]:
    """Move ascending positions until neighbours are far enough apart, within the drawing."""
    moved: list[float] = []
    for position in positions:
        moved.append(max(position, moved[-1] + apart) if moved else position)
    limit = float(RIGHT)
    for i in reversed(range(len(moved))):
        moved[i] = min(moved[i], limit)
        limit = moved[i] - apart
    return moved
