"""What stands beside a board: the latest wins, and the celebration of the newest one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from markupsafe import Markup

from incentives.core.money import to_minor
from incentives.operations.read_board import BoardReading, BoardRow
from incentives.operations.read_wins import Win, read_wins
from incentives.store.companies import Company
from incentives.web import formats
from incentives.web.board_page import address_of, gap_phrase

ROWS = 8
# A win is celebrated for ten seconds; the page asks again within fifteen.
CELEBRATED_FOR = timedelta(seconds=12)


def feed(wins: Sequence[Win], company: Company) -> list[dict[str, Any]]:
    """The latest wins as a list beside the board."""
    return [
        {
            "at": _at(win, company),
            "html": Markup('<a class="strong" href="{url}">{name}</a> won {account}').format(
                url=url_for("activities.show", activity_id=win.activity_id),
                name=win.name,
                account=win.account or "a deal",
            ),
            "note": ", ".join(filter(None, [win.product, _amount(win)])),
        }
        for win in wins
    ]


def side(reading: BoardReading, *, now: datetime) -> dict[str, Any]:
    """The right of the wall: recent wins and, just after one, its celebration."""
    wins = read_wins(4, now=now)
    newest = wins[0] if wins and now - wins[0].known_at < CELEBRATED_FOR else None
    return {
        "url": url_for("boards.wall_side", **address_of(reading)),
        "recent": [
            {
                "text": f"{win.name} won {win.account or 'a deal'}",
                "note": _note(win, reading.company),
            }
            for win in wins
        ],
        "celebration": _celebration(newest, reading) if newest else None,
    }


def _celebration(win: Win, reading: BoardReading) -> dict[str, Any] | None:
    row = next((row for row in reading.rows if row.entrant.id == win.payee_id), None)
    if row is None or row.standing.place is None:
        return None
    facts = [(_amount(win), f"from {win.account}" if win.account else "won")]
    gap = _gap_fact(reading, row)
    return {
        "id": win.activity_id,
        "before": f"Now {formats.ordinal(row.standing.place)}",
        "name": win.name,
        "deed": f"wins {win.product}" if win.product else "wins a deal",
        "facts": [*facts, gap] if gap else facts,
        "plate": formats.place(row.standing.place, row.standing.tied),
        "plate_long": len(formats.place(row.standing.place, row.standing.tied)) > 1,
    }


def _gap_fact(reading: BoardReading, row: BoardRow) -> tuple[str, str] | None:
    phrase = gap_phrase(reading, row)
    figure, _, words = phrase.partition(" ")
    return (figure, words) if words and figure[:1].isdigit() else None


def _amount(win: Win) -> str:
    if win.amount is None or win.currency is None:
        return ""
    return formats.money(to_minor(win.amount, win.currency), win.currency)


def _at(win: Win, company: Company) -> str:
    """The time for what happened with a time, the day for what came with a date only."""
    local = win.occurred_at.astimezone(company.calendar.zone)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return formats.short_day(local.date())
    return f"{local:%H:%M}"


def _note(win: Win, company: Company) -> str:
    return ", ".join(filter(None, [_at(win, company), win.product, _amount(win)]))
