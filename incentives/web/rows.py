"""What a ranked row looks like, on boards and in contests alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from incentives.core.ranking import Standing
from incentives.core.standings import Entrant
from incentives.web import formats

MEDALS = {1: "gold", 2: "silver", 3: "bronze"}
# A name of this length narrows before anything else gives way.
LONG_NAME = 20
# A gap of 1 % of the score or less is within reach.
_REACH = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedRow:
    """Who stands at which place. `level` is for those who share one."""

    entrant_id: int
    name: str
    long_name: bool
    place: int | None
    place_label: str
    medal: str | None
    level: bool
    change: int | None
    team: str
    team_index: int
    score: str
    score_text: str
    gap_text: str
    phone_note: str


def ranked(entrant: Entrant, standing: Standing, moved: int | None) -> dict[str, Any]:
    """The part of a `RankedRow` that no unit is needed for."""
    scored = bool(standing.score)
    return {
        "entrant_id": entrant.id,
        "name": entrant.name,
        "long_name": len(entrant.name) >= LONG_NAME,
        "place": standing.place,
        "place_label": formats.place(standing.place, standing.tied),
        "medal": MEDALS.get(standing.place or 0) if scored else None,
        "level": standing.tied and scored,
        "change": moved,
        "team": entrant.team,
        "team_index": entrant.colour,
        "score": str(standing.score),
    }


def is_within_reach(gap: Decimal | None, score: Decimal | None) -> bool:
    return bool(gap and score and gap <= abs(score) * _REACH)


def bar_heights(bars: Sequence[Decimal | None]) -> list[float]:
    """Heights of 0 to 100, to the scale of their own row: bars show when, the score how much."""
    highest = max((bar for bar in bars if bar), default=Decimal(0))
    return [
        float(round(bar / highest * 100, 1)) if bar and bar > 0 and highest > 0 else 0.0
        for bar in bars
    ]


def bar_path(bars: Sequence[Decimal | None], current: int | None) -> tuple[str, str]:
    """Bars as two outlines, the one that still grows apart: a drawing each would cost too much.
    One unit wide each, up to a hundred high."""
    found = ["", ""]
    for at, height in enumerate(bar_heights(bars)):
        found[at == current] += f"M{at} 0V-{max(height, 4.0)}H{at}.76V0"
    return found[0], found[1]
