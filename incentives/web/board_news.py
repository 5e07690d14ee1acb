"""The latest wins beside a board: of those who stand on it by name, and of nobody else."""

from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from incentives.operations.board_wins import board_wins
from incentives.operations.read_board import BoardReading
from incentives.operations.wins import Win
from incentives.web import formats
from incentives.web.feed_page import name_list

SHOWN = 6


def latest_wins(reading: BoardReading, *, now: datetime) -> list[dict[str, Any]]:
    """Newest first; none where the board hides names."""
    zone = reading.company.calendar.zone
    return [
        {
            "at": formats.time_or_day(win.at, zone),
            "html": _sentence(win),
            "note": ", ".join(filter(None, [win.note, formats.worth(win.value, win.currency)])),
        }
        for win in board_wins(reading, count=SHOWN, now=now)
    ]


def _sentence(win: Win) -> Markup:
    return Markup('<a class="strong" href="{url}">{names}</a> won {what}').format(
        url=url_for("activities.show", activity_id=win.activity_id),
        names=name_list(win.people),
        what=win.what or "a deal",
    )
