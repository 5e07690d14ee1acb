"""Wins as a wall screen tells them: the latest in a list, and what is new as a celebration."""

from collections.abc import Sequence
from dataclasses import dataclass

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
        Latest(f"{_names(item.win)} {_deed(item.win)}", _note(item, company))
        for item in items
        if item.kind in _DEEDS
    ]


def cheers_of(items: Sequence[FeedItem], how: str) -> list[Cheer]:
    """Wins as celebrations. Who takes a lead is told by the boards themselves."""
    return [
        Cheer(item.key, _names(item.win), _deed(item.win), how, _value(item.win) or item.win.note)
        for item in items
        if item.kind in _DEEDS and item.kind != LEAD
    ]


def _note(item: FeedItem, company: Company) -> str:
    when = formats.time_or_day(item.at, company.calendar.zone)
    return ", ".join(filter(None, [when, item.win.note, _value(item.win)]))


def _names(win: Win) -> str:
    *first, last = [person.name for person in win.people]
    return f"{', '.join(first)} and {last}" if first else last


def _deed(win: Win) -> str:
    return _DEEDS[win.kind].format(win.what or "a deal")


def _value(win: Win) -> str:
    return formats.worth(win.value, win.currency) if win.kind == DEAL else ""
