"""A row of a board as its templates show it: every figure written, every length ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from incentives.core.boards.parts import PSEUDONYM
from incentives.core.calendar import Period
from incentives.core.measures import Kpi
from incentives.operations.board_rows import BoardRow
from incentives.operations.read_board import BoardReading
from incentives.web import formats
from incentives.web.board_words import gap_phrase, split_label, told
from incentives.web.rows import RankedRow, bar_path, is_within_reach, ranked

# The tick of 100 % stands at four fifths, so that over-attainment has room.
TICK = 80


@dataclass(frozen=True, slots=True)
class Split:
    text: str
    is_best: bool
    query: str


@dataclass(frozen=True, slots=True)
class Attainment:
    text: str
    width: str
    reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRowView(RankedRow):
    """`told` is the row in words, for the one whose it is; `opens` says that there is a why."""

    opens: bool
    splits: Sequence[Split]
    bars: tuple[str, str]
    bars_text: str
    gap_close: bool
    gap_phrase: str
    attainment: Attainment | None
    told: str
    group: str
    zone: str | None


def row_views(reading: BoardReading, queries: Sequence[str], *, opens: bool) -> list[BoardRowView]:
    """The rows of a reading. `queries` lead to the parts of its period."""
    return [
        _row(reading, row, _above(reading.rows, at), queries, opens=opens)
        for at, row in enumerate(reading.rows)
    ]


def _row(
    reading: BoardReading,
    row: BoardRow,
    above: BoardRow | None,
    queries: Sequence[str],
    *,
    opens: bool,
) -> BoardRowView:
    standing, kpi = row.standing, reading.kpi
    draws_bars = has_bars(reading) and row.may_open
    return BoardRowView(
        **ranked(row.entrant, standing, row.moved),
        opens=row.may_open and opens,
        splits=_splits(reading, row, queries),
        bars=bar_path(row.bars, _current(reading.bar_periods, reading)) if draws_bars else ("", ""),
        bars_text=_bars_text(reading, row) if draws_bars else "",
        score_text=_score(kpi, row),
        gap_text=_gap_text(kpi, row),
        gap_close=is_within_reach(standing.gap, standing.score),
        gap_phrase=gap_phrase(reading, row),
        attainment=_attainment(row),
        phone_note=_phone_note(row),
        told=told(reading, row, above),
        group=row.group,
        zone=row.zone,
    )


def _above(rows: Sequence[BoardRow], at: int) -> BoardRow | None:
    """The nearest row of the next better score, where it is shown: a search or a page leaves out
    who stands between."""
    own = rows[at]
    better = (row for row in reversed(rows[:at]) if row.standing.place == own.above)
    return next((row for row in better if row.group == own.group), None)


def _splits(reading: BoardReading, row: BoardRow, queries: Sequence[str]) -> list[Split]:
    return (
        [
            Split(_split_text(reading.kpi, value), bool(value) and value == best, query)
            for value, best, query in zip(row.splits, reading.best_splits, queries, strict=True)
        ]
        if queries
        else []
    )


def _split_text(kpi: Kpi, value: Decimal | None) -> str:
    if not value:
        return formats.NONE
    return formats.number(value / 1000, 1) if in_thousands(kpi) else formats.score(kpi, value)


def in_thousands(kpi: Kpi) -> bool:
    return kpi.unit == "money" and kpi.over is None


def shown_splits(reading: BoardReading) -> Sequence[Period]:
    """Behind pseudonyms there are no parts: they would tell who it is."""
    return reading.split_periods if reading.form != PSEUDONYM else []


def has_bars(reading: BoardReading) -> bool:
    return bool(reading.bar_periods) and reading.kpi.over is None and reading.form != PSEUDONYM


def _bars_text(reading: BoardReading, row: BoardRow) -> str:
    """'45: 300, 46: 500' for those who listen: the parts in which there was anything."""
    return ", ".join(
        f"{split_label(part)}: {formats.score(reading.kpi, value)}"
        for part, value in zip(reading.bar_periods, row.bars, strict=True)
        if value
    )


def _current(parts: Sequence[Period], reading: BoardReading) -> int | None:
    return next((i for i, part in enumerate(parts) if reading.today in part), None)


def _score(kpi: Kpi, row: BoardRow) -> str:
    return formats.score(kpi, row.standing.score)


def _gap_text(kpi: Kpi, row: BoardRow) -> str:
    standing = row.standing
    if standing.score is None:
        return formats.NONE
    if standing.gap is None:
        return "Leader" if standing.score and not standing.tied else formats.NONE
    return formats.score(kpi, standing.gap)


def _attainment(row: BoardRow) -> Attainment | None:
    if row.attainment is None:
        return None
    width = min(Decimal(100), max(Decimal(0), row.attainment * TICK))
    return Attainment(formats.percent(row.attainment), f"{width:.1f}", row.attainment >= 1)


def _phone_note(row: BoardRow) -> str:
    quota = f"{formats.percent(row.attainment)} of quota" if row.attainment is not None else ""
    return ", ".join(filter(None, [row.entrant.team, quota]))
