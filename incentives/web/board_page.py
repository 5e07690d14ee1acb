"""A board as its templates show it: every figure written, every length ready, nothing personal."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for

from incentives.core.calendar import Period
from incentives.core.measures import Kpi
from incentives.operations.read_board import BoardReading, BoardRow
from incentives.web import formats
from incentives.web.rows import LONG_NAME, MEDALS, bar_heights, is_within_reach

_KIND_LABELS = {
    "day": "Today",
    "week": "Week",
    "month": "Month",
    "quarter": "Quarter",
    "year": "Year",
}
# The tick of 100 % stands at four fifths, so that over-attainment has room.
TICK = 80


@dataclass(frozen=True, slots=True)
class Split:
    text: str
    url: str
    best: str | None


@dataclass(frozen=True, slots=True)
class Attainment:
    text: str
    width: float
    tick: int
    reached: bool
    url: str


@dataclass(frozen=True, slots=True)
class RowView:
    entrant_id: int
    name: str
    long_name: bool
    profile_url: str
    place: int | None
    place_label: str
    medal: str | None
    level: bool
    change: int | None
    team: str
    team_index: int
    splits: list[Split]
    weeks: list[float] | None
    weeks_current: int | None
    weeks_label: str
    score: str
    score_text: str
    score_url: str
    gap_text: str
    gap_close: bool
    gap_phrase: str
    attainment: Attainment | None
    phone_note: str
    why_url: str


@dataclass(frozen=True, slots=True)
class BoardView:
    """What `boards/_rows.html` and `boards/_wall_rows.html` are drawn from."""

    id: str
    version: int
    ended: bool
    summary: str
    standings: list[RowView]
    columns: int
    split_labels: list[str]
    splits_heading: str
    weeks_heading: str
    has_weeks: bool
    has_attainment: bool
    score_heading: str


def address_of(reading: BoardReading) -> dict[str, Any]:
    """What the address of this board says: its name, its period and its team."""
    args: dict[str, Any] = {"slug": reading.board.slug}
    if reading.is_current:
        if reading.period.kind != reading.board.period_kind:
            args["period"] = reading.period.kind
    else:
        args["period"] = reading.period.key
    if reading.team:
        args["team"] = reading.team.code
    return args


def board_view(reading: BoardReading, *, first: int | None = None) -> BoardView:
    """The board drawn; with `first`, only so many rows."""
    rows = reading.rows[:first]
    best = _best_of_columns(reading)
    has_splits = bool(reading.split_periods)
    has_weeks = bool(reading.bar_periods) and reading.kpi.over is None
    has_attainment = any(row.quota for row in reading.rows)
    return BoardView(
        id=reading.board.slug,
        version=reading.version,
        ended=not reading.is_current,
        summary=summary(reading),
        standings=[_row(reading, row, best, has_weeks=has_weeks) for row in rows],
        columns=5 + len(reading.split_periods) * has_splits + has_weeks + has_attainment,
        split_labels=[split_label(part) for part in reading.split_periods],
        splits_heading="Splits, thousands" if _in_thousands(reading.kpi) else "Splits",
        weeks_heading=f"By {reading.bar_periods[0].kind}" if reading.bar_periods else "",
        has_weeks=has_weeks,
        has_attainment=has_attainment,
        score_heading=reading.kpi.label,
    )


def title(reading: BoardReading) -> str:
    return f"{reading.board.name}, {period_words(reading.period, current=reading.is_current)}"


def period_words(period: Period, *, current: bool) -> str:
    """'this quarter' for the running one, else its name: third quarter 2026."""
    if current:
        return "today" if period.kind == "day" else f"this {period.kind}"
    first = period.first_day
    match period.kind:
        case "quarter":
            return f"quarter {period.key[-1]} of {period.key[:4]}"
        case "month":
            return f"{formats.month_name(period)} {period.key[:4]}"
        case "week":
            return f"week {period.key[-2:]} of {period.key[:4]}"
        case "year":
            return period.key
    return formats.day(first)


def period_text(reading: BoardReading) -> str:
    """'1 Oct to 31 Dec 2026. 35 people, US dollars. Movement since this morning.'"""
    period = reading.period
    span = formats.day(period.first_day)
    if period.days > 1:
        last = period.last_day
        span = f"{formats.short_day(period.first_day)} to {formats.short_day(last)} {last.year}"
    unit = f", {reading.company.currency}" if reading.kpi.unit == "money" else ""
    people = "person" if len(reading.rows) == 1 else "people"
    moved = " Movement since midnight." if reading.is_current and period.kind != "day" else ""
    return f"{span}. {len(reading.rows)} {people}{unit}.{moved}"


def summary(reading: BoardReading) -> str:
    """The board in one sentence, for those who listen."""
    ranked = [row for row in reading.rows if row.standing.score]
    if not ranked:
        return "Nobody has scored yet."
    leader = ranked[0]
    text = f"{leader.entrant.name} leads with {_score(reading.kpi, leader)}"
    if len(ranked) > 1:
        text += f", {ranked[1].entrant.name} follows with {_score(reading.kpi, ranked[1])}"
    return text + "."


def period_options(reading: BoardReading) -> list[dict[str, Any]]:
    """The running periods, and the one shown if it is another."""
    args = address_of(reading)
    options = [
        {
            "label": label,
            "url": url_for("boards.show", **{**args, "period": kind}),
            "current": reading.is_current and reading.period.kind == kind,
        }
        for kind, label in _KIND_LABELS.items()
    ]
    if not reading.is_current:
        label = period_words(reading.period, current=False).capitalize()
        options.append({"label": label, "url": url_for("boards.show", **args), "current": True})
    return options


def split_label(part: Period) -> str:
    return formats.short_month(part) if part.kind == "month" else part.key[-2:]


def _row(
    reading: BoardReading,
    row: BoardRow,
    best: Sequence[Decimal | None],
    *,
    has_weeks: bool,
) -> RowView:
    standing, entrant, kpi = row.standing, row.entrant, reading.kpi
    address = {**address_of(reading), "payee_id": entrant.id}
    events = url_for("boards.contributions", **address)
    scored = bool(standing.score)
    gap = gap_phrase(reading, row)
    return RowView(
        entrant_id=entrant.id,
        name=entrant.name,
        long_name=len(entrant.name) >= LONG_NAME,
        profile_url=events,
        place=standing.place,
        place_label=formats.place(standing.place, standing.tied),
        medal=MEDALS.get(standing.place or 0) if scored else None,
        level=standing.tied and scored,
        change=row.moved,
        team=entrant.team,
        team_index=entrant.colour,
        splits=_splits(reading, row, best, entrant.id),
        weeks=bar_heights(row.bars) if has_weeks else None,
        weeks_current=_current(reading.bar_periods, reading),
        weeks_label=_bars_label(reading, row),
        score=str(standing.score),
        score_text=_score(kpi, row),
        score_url=events,
        gap_text=_gap_text(kpi, row),
        gap_close=_is_close(row),
        gap_phrase=gap,
        attainment=_attainment(row, events),
        phone_note=_phone_note(row),
        why_url=url_for("boards.why", **address),
    )


def _splits(
    reading: BoardReading, row: BoardRow, best: Sequence[Decimal | None], payee_id: int
) -> list[Split]:
    address = {**address_of(reading), "payee_id": payee_id}
    return [
        Split(
            _split_text(reading.kpi, value),
            url_for("boards.contributions", **{**address, "period": part.key}),
            "board" if value and value == top else None,
        )
        for part, value, top in zip(reading.split_periods, row.splits, best, strict=True)
    ]


def _split_text(kpi: Kpi, value: Decimal | None) -> str:
    if not value:
        return formats.NONE
    return formats.number(value / 1000, 1) if _in_thousands(kpi) else formats.score(kpi, value)


def _in_thousands(kpi: Kpi) -> bool:
    return kpi.unit == "money" and kpi.over is None


def _best_of_columns(reading: BoardReading) -> list[Decimal | None]:
    pick = min if reading.kpi.lower_is_better else max
    columns = ([row.splits[i] for row in reading.rows] for i in range(len(reading.split_periods)))
    return [pick((value for value in column if value), default=None) for column in columns]


def _current(parts: Sequence[Period], reading: BoardReading) -> int | None:
    return next((i for i, part in enumerate(parts) if reading.today in part), None)


def _bars_label(reading: BoardReading, row: BoardRow) -> str:
    if not reading.bar_periods:
        return ""
    values = ", ".join(formats.score(reading.kpi, bar or Decimal(0)) for bar in row.bars)
    return f"{reading.kpi.label} by {reading.bar_periods[0].kind}: {values}"


def _score(kpi: Kpi, row: BoardRow) -> str:
    return formats.score(kpi, row.standing.score)


def _gap_text(kpi: Kpi, row: BoardRow) -> str:
    standing = row.standing
    if standing.score is None:
        return formats.NONE
    if standing.gap is None:
        return "Leader" if standing.score and not standing.tied else formats.NONE
    return formats.score(kpi, standing.gap)


def _is_close(row: BoardRow) -> bool:
    gap, score = row.standing.gap, row.standing.score
    return is_within_reach(gap, score)


def gap_phrase(reading: BoardReading, row: BoardRow) -> str:
    """'1,241 to 8th', or what the leader is ahead by."""
    standing, kpi = row.standing, reading.kpi
    if standing.score is None:
        return f"ranks from {kpi.minimum_volume}"
    if standing.gap is not None:
        better = max(
            other.standing.place or 0
            for other in reading.rows
            if (other.standing.place or 0) < (standing.place or 0)
        )
        return f"{formats.score(kpi, standing.gap)} to {formats.ordinal(better)}"
    behind = next((o.standing for o in reading.rows if (o.standing.place or 0) > 1), None)
    if behind is None or behind.gap is None or not standing.score:
        return ""
    return f"leads by {formats.score(kpi, behind.gap)}"


def _attainment(row: BoardRow, url: str) -> Attainment | None:
    if row.attainment is None:
        return None
    width = min(Decimal(100), max(Decimal(0), row.attainment * TICK))
    return Attainment(
        formats.percent(row.attainment),
        float(round(width, 1)),
        TICK,
        row.attainment >= 1,
        url,
    )


def _phone_note(row: BoardRow) -> str:
    quota = f"{formats.percent(row.attainment)} of quota" if row.attainment is not None else ""
    return ", ".join(filter(None, [row.entrant.team, quota]))
