"""Wins as a wall screen tells them: the latest in a list, and what is new as a celebration."""

from collections.abc import Sequence
from dataclasses import dataclass

from incentives.core.money import to_minor
from incentives.core.recognition import BADGE, CONTEST, DEAL, LEAD, MILESTONE
from incentives.operations.feed_items import FeedItem
from incentives.operations.wins import Win
from incentives.store.companies import Company
from incentives.web import formats
from incentives.web.board_cheers import Cheer

# What somebody does, by the kind of win.
_DEEDS = {
    DEAL: "won {}",
    BADGE: "wins the badge {}",
    MILESTONE: "reaches {}",
    LEAD: "takes the lead of {}",
    CONTEST: "wins {}",
}


@dataclass(frozen=True, slots=True)
class Latest:
    text: str
    note: str


def latest(items: Sequence[FeedItem], company: Company) -> list[Latest]:
    """The newest wins, each with when it was and what it was about."""
    return [
        Latest(
            f"{_names(item.win)} {_deed(item.win)}",
            ", ".join(filter(None, [_at(item, company), item.win.note, _value(item.win)])),
        )
        for item in items
        if item.kind in _DEEDS
    ]


def cheers_of(items: Sequence[FeedItem]) -> list[Cheer]:
    """Wins as celebrations. Who takes a lead is told by the boards themselves."""
    return [
        Cheer(item.key, _names(item.win), _deed(item.win), _value(item.win) or item.win.note)
        for item in items
        if item.kind in _DEEDS and item.kind != LEAD
    ]


def _names(win: Win) -> str:
    *first, last = [person.name for person in win.people]
    return f"{', '.join(first)} and {last}" if first else last


def _deed(win: Win) -> str:
    return _DEEDS[win.kind].format(win.what or "a deal")


def _value(win: Win) -> str:
    if win.kind != DEAL or win.value is None or win.currency is None:
        return ""
    return formats.money(to_minor(win.value, win.currency), win.currency)


def _at(item: FeedItem, company: Company) -> str:
    """The time for what happened with a time, the day for what came with a date only."""
    local = item.at.astimezone(company.calendar.zone)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return formats.short_day(local.date())
    return f"{local:%H:%M}"
