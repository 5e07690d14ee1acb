"""Your place, at the foot of a board: who is near, and how far away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from incentives.core.ranking import Standing, around
from incentives.operations.board_rows import BoardRow
from incentives.operations.read_board import BoardReading
from incentives.web import formats, ladder
from incentives.web.board_address import ROWS, Asked
from incentives.web.board_words import gap_phrase
from incentives.web.rows import MEDALS

# Oneself with three above and three below.
NEAR = 7


@dataclass(frozen=True, slots=True)
class Ladder:
    label: str
    marks: list[ladder.LadderMark]
    near_marks: list[ladder.LadderMark]


def dock(asked: Asked, reading: BoardReading) -> dict[str, Any] | None:
    """Your place, or None for somebody who is not ranked on this board."""
    row = reading.own
    if row is None or row.standing.score is None:
        return None
    standing, entrant_id = row.standing, row.entrant.id
    near = [each for each in reading.neighbours(NEAR) if each.standing.score is not None]
    level = [r for r in near if standing.tied and r.standing.place == standing.place]
    names = [r.entrant.name for r in level if not r.is_own]
    return {
        "url": url_for("boards.dock", **asked.with_slug),
        "entrant_id": reading.own_alias or entrant_id,
        "jump_url": _jump_url(asked, reading),
        "place_label": formats.place(standing.place, standing.tied),
        "medal": MEDALS.get(standing.place or 0),
        "name": f"You, with {names[0]}" if len(names) == 1 else "You",
        "change": row.moved,
        "note": _note(reading, row, near),
        "phone_note": (
            f"{formats.percent(row.attainment)} of quota" if row.attainment is not None else ""
        ),
        "score_text": formats.score(reading.kpi, standing.score),
        "gap_phrase": gap_phrase(reading, row),
        "ladder": _ladder(reading, entrant_id) if len(near) > 1 else None,
    }


def _jump_url(asked: Asked, reading: BoardReading) -> str:
    """The page with the own row; '' where it is on none."""
    at = reading.own_position
    if at is None:
        return ""
    page = asked.but(page=at // ROWS + 1, search="", is_around=False)
    own = reading.own
    assert own is not None, "who has a position has a row"
    return url_for("boards.show", **page) + f"#standing-{reading.own_alias or own.entrant.id}"


def standings_near(reading: BoardReading) -> list[Standing]:
    """The viewer's own standing among those near it; alone where the others are not seen."""
    assert reading.own is not None, "asked only for who is on the board"
    near = [each.standing for each in reading.neighbours(NEAR) if each.standing.score is not None]
    return near or [reading.own.standing]


def _ladder(reading: BoardReading, own_id: int) -> Ladder:
    ranked = standings_near(reading)
    return Ladder(
        "Your neighbours on the board and how far away they are",
        ladder.neighbours(ranked, own_id, reading.kpi),
        ladder.neighbours(around(ranked, own_id, 4), own_id, reading.kpi, apart=ladder.NEAR),
    )


def _note(reading: BoardReading, row: BoardRow, near: Sequence[BoardRow]) -> str:
    """'1,241 to 8th, 634 clear of 11th'."""
    place = row.standing.place or 0
    behind = next((o.standing for o in near if (o.standing.place or 0) > place), None)
    parts = [gap_phrase(reading, row)]
    if behind is not None and behind.gap:
        clear = formats.score(reading.kpi, behind.gap)
        parts.append(f"{clear} clear of {formats.ordinal(behind.place or 0)}")
    return ", ".join(filter(None, parts))
