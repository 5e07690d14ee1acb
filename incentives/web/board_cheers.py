"""What a board celebrates: taking the lead, badges, milestones. The browser cheers what is new."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from incentives.core.boards.definition import NO_CELEBRATIONS, TEAMS
from incentives.core.recognition import BADGE
from incentives.operations.feed_curtain import curtain_for
from incentives.operations.read_board import BoardReading
from incentives.operations.wins import Asked, awards
from incentives.web.board_words import leader_of, takes_lead

# What was won before is no news to somebody who looks now.
_NEWS_FOR = timedelta(hours=12)
_MOST = 20


@dataclass(frozen=True, slots=True)
class Cheer:
    """`id` is another one for everything that may be celebrated once; `how` is with a sound or
    silent."""

    id: str
    name: str
    deed: str
    how: str
    note: str = ""


def cheers(reading: BoardReading, *, now: datetime) -> list[Cheer]:
    """Who leads alone and, where the board names everybody, who of those on the shown rows won a
    badge or reached a milestone."""
    if reading.definition.celebrations == NO_CELEBRATIONS or not reading.is_current:
        return []
    return [*lead(reading), *_awards(reading, now)]


def lead(reading: BoardReading) -> Iterator[Cheer]:
    leader = leader_of(reading)
    if leader is not None:
        who, how = leader.entrant, reading.definition.celebrations
        led = f"lead-{reading.board.slug}-{who.id}"
        yield Cheer(led, who.name, takes_lead(reading, leader), how)


def _awards(reading: BoardReading, now: datetime) -> Iterator[Cheer]:
    if not reading.may_show_news or reading.definition.entrants == TEAMS:
        return
    people = {row.entrant.id for row in reading.rows}
    curtain = curtain_for(reading.look.viewer, now=now)
    asked = Asked(now - _NEWS_FOR, now, _MOST, curtain, people)
    for win in (*awards.find_badges(asked), *awards.find_milestones(asked)):
        deed = f"wins the badge {win.what}" if win.kind == BADGE else f"reaches {win.what}"
        yield Cheer(win.key, win.people[0].name, deed, reading.definition.celebrations)
