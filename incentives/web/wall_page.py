"""What a wall screen shows, as its template draws it: one slide after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from incentives.core.boards.definition import NO_CELEBRATIONS, SILENT, WITH_SOUND
from incentives.operations.contest_rows import ContestRow
from incentives.operations.read_board import BoardReading
from incentives.operations.read_contest import ContestReading
from incentives.operations.read_wall import ROWS, Wall
from incentives.store.announcements import Announcement
from incentives.web import board_words, contest_cards, formats
from incentives.web.board_cheers import Cheer, lead
from incentives.web.board_row import BoardRowView, row_views
from incentives.web.contest_page import prize_text
from incentives.web.rows import LONG_NAME, MEDALS
from incentives.web.wall_news import Latest, cheers_of, latest

# What a slide shows.
BOARD, CONTEST, NEWS = "board", "contest", "news"

# Beside the marks of a board there is room for two.
LATEST, PRIZES = 2, 4


@dataclass(frozen=True, slots=True)
class WallRow:
    """`note` is the gap to the next, or the prize that is held."""

    id: str
    place_label: str
    medal: str | None
    change: int | None
    has_team: bool
    team_index: int
    name: str
    long_name: bool
    score: str
    score_text: str
    place: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Slide:
    """`kind` is what the turn shows: a board, a contest or news. `marks` are what the best take;
    `ends_at` and `countdown` are there for contests."""

    kind: str
    id: str
    title: str
    rows: Sequence[WallRow] = ()
    marks: Sequence[tuple[str, str]] = ()
    latest: Sequence[Latest] = ()
    countdown: Sequence[tuple[str, str]] = ()
    ends_at: str = ""
    announcements: Sequence[Announcement] = ()


@dataclass(frozen=True, slots=True)
class WallView:
    stamp: str
    seconds: int
    slides: Sequence[Slide]
    foot: dict[str, Any] | None
    cheers: Sequence[Cheer] = field(default_factory=tuple)


def wall_view(wall: Wall) -> WallView:
    newest = latest(wall.news[:LATEST], wall.company)
    slides = [_board_slide(board, newest) for board in wall.boards]
    slides += [_contest_slide(contest, wall) for contest in wall.contests]
    if wall.announcements:
        slides.append(Slide(NEWS, "news", "News", announcements=wall.announcements))
    celebrating = [b for b in wall.boards if b.definition.celebrations != NO_CELEBRATIONS]
    told = [each for board in celebrating for each in lead(board)]
    # A win is no single board's: it sounds where one of them does.
    has_sound = any(board.definition.celebrations == WITH_SOUND for board in celebrating)
    wins = cheers_of(wall.news, WITH_SOUND if has_sound else SILENT)
    return WallView(
        stamp=wall.stamp,
        seconds=wall.seconds,
        slides=slides,
        foot=contest_cards.wall_foot(wall.contests),
        cheers=[*told, *wins] if celebrating else [],
    )


def _board_slide(reading: BoardReading, newest: Sequence[Latest]) -> Slide:
    """Of divisions and leagues the first that has anybody: a screen cannot be scrolled."""
    slug, rows = reading.board.slug, row_views(reading, (), opens=False)
    group = rows[0].group
    return Slide(
        kind=BOARD,
        id=f"board-{slug}",
        title=f"{board_words.title(reading)}: {group}" if group else board_words.title(reading),
        rows=[_board_row(slug, row) for row in rows if row.group == group],
        marks=board_words.marks(reading),
        latest=newest,
    )


def _board_row(slug: str, row: BoardRowView) -> WallRow:
    return WallRow(
        id=f"{slug}-{row.entrant_id}",
        place_label=row.place_label,
        medal=row.medal,
        change=row.change,
        has_team=bool(row.team),
        team_index=row.team_index,
        name=row.name,
        long_name=row.long_name,
        score=row.score,
        score_text=row.score_text,
        place=row.place,
        note=row.gap_text,
    )


def _contest_slide(reading: ContestReading, wall: Wall) -> Slide:
    contest = reading.contest
    rows = [row for row in reading.rows if wall.shows(row.entrant.id)][:ROWS]
    marks = [
        (f"{formats.ordinal(prize.place)} prize", prize_text(prize.amount_minor, prize.currency))
        for prize in contest.prizes[:PRIZES]
    ]
    return Slide(
        kind=CONTEST,
        id=f"contest-{contest.slug}",
        title=contest.name,
        rows=[_contest_row(reading, row) for row in rows],
        marks=marks,
        countdown=contest_cards.countdown_parts(reading.time_left),
        ends_at=contest.ends_at.isoformat(),
    )


def _contest_row(reading: ContestReading, row: ContestRow) -> WallRow:
    standing, entrant = row.standing, row.entrant
    currency = reading.company.currency
    return WallRow(
        id=f"{reading.contest.slug}-{entrant.id}",
        place_label=formats.place(standing.place, standing.tied),
        medal=MEDALS.get(standing.place or 0) if standing.score else None,
        change=row.moved,
        has_team=bool(entrant.team),
        team_index=entrant.colour,
        name=entrant.name,
        long_name=len(entrant.name) >= LONG_NAME,
        score=str(standing.score),
        score_text=formats.score(reading.kpi, standing.score),
        place=standing.place,
        note=prize_text(row.prize_minor, currency) if row.prize_minor else "",
    )
