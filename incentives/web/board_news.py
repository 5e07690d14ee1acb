"""The latest wins beside a board: of those who stand on it by name, and of nobody else."""

from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from incentives.core.money import to_minor
from incentives.operations.read_board import BoardReading
from incentives.operations.read_wins import Win, read_wins
from incentives.store.companies import Company
from incentives.web import formats

SHOWN = 6
# Wins of people who are not on the board are read as well, so that enough are left.
_MORE = 4


def latest_wins(reading: BoardReading, *, now: datetime) -> list[dict[str, Any]]:
    """Newest first; none where the board hides names."""
    if not reading.may_show_news:
        return []
    wins = [win for win in read_wins(SHOWN * _MORE, now=now) if reading.shows_payee(win.payee_id)]
    company = reading.company
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
        for win in wins[:SHOWN]
    ]


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
