"""A board as its templates show it: every figure written, every length ready, nothing personal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from incentives.operations.read_board import BoardReading
from incentives.web.board_cheers import Cheer
from incentives.web.board_pages import Pages
from incentives.web.board_row import BoardRowView, has_bars, in_thousands, row_views, shown_splits
from incentives.web.board_words import (
    marks,
    period_words,
    split_label,
    summary,
)

_KIND_LABELS = {
    "day": "Today",
    "week": "Week",
    "month": "Month",
    "quarter": "Quarter",
    "year": "Year",
}


@dataclass(frozen=True, slots=True)
class BoardView:
    """What `boards/_board.html` is drawn from.

    `people_url` and `query` go round an entrant's id; there is none where nothing opens.
    """

    id: str
    stamp: str
    form: str
    ended: bool
    leads: str
    standings: list[BoardRowView]
    marks: list[tuple[str, str]]
    groups: dict[str, str]
    columns: int
    split_labels: list[str]
    splits_heading: str
    weeks_heading: str
    bars_count: int
    has_attainment: bool
    score_heading: str
    people_url: str
    query: str
    pages: Pages | None
    cheers: Sequence[Cheer]


def address_of(reading: BoardReading) -> dict[str, Any]:
    """What the address of this board says: its name, its period, its team and its moment."""
    args: dict[str, Any] = {"slug": reading.board.slug}
    if reading.is_current:
        if reading.period.kind != reading.board.period_kind:
            args["period"] = reading.period.kind
    elif reading.period.key:
        args["period"] = reading.period.key
    if reading.team:
        args["team"] = reading.team.code
    if reading.at:
        args["at"] = f"{reading.at.astimezone(reading.company.calendar.zone):%Y-%m-%dT%H:%M}"
    return args


def board_view(
    reading: BoardReading,
    *,
    opens: bool = True,
    pages: Pages | None = None,
    cheers: Sequence[Cheer] = (),
) -> BoardView:
    """The board drawn. Where nothing `opens`, no row leads anywhere."""
    has_attainment = any(row.quota for row in reading.rows)
    address = address_of(reading)
    slug = address.pop("slug")
    queries = [_query({**address, "period": part.key}) for part in shown_splits(reading)]
    return BoardView(
        id=slug,
        stamp=reading.stamp,
        form=reading.form,
        ended=not reading.is_current,
        leads=summary(reading),
        standings=row_views(reading, queries, opens=opens),
        marks=marks(reading),
        groups=_groups(reading),
        columns=columns_of(reading, has_attainment=has_attainment),
        split_labels=[split_label(part) for part in shown_splits(reading)],
        splits_heading="Splits, thousands" if in_thousands(reading.kpi) else "Splits",
        weeks_heading=f"By {reading.bar_periods[0].kind}" if reading.bar_periods else "",
        bars_count=len(reading.bar_periods) if has_bars(reading) else 0,
        has_attainment=has_attainment,
        score_heading=reading.kpi.label,
        people_url=url_for("board_why.contributions", slug=slug, payee_id=0)[:-1],
        query=_query(address),
        pages=pages,
        cheers=cheers,
    )


def columns_of(reading: BoardReading, *, has_attainment: bool) -> int:
    """Place, movement, name, score and gap, and what else there is on this board."""
    return 5 + len(shown_splits(reading)) + has_bars(reading) + has_attainment


def _groups(reading: BoardReading) -> dict[str, str]:
    """Each division or league with what becomes of its first and last."""
    divide = reading.definition.divide
    if not reading.groups or divide is None:
        return {}
    if divide.by != "leagues":
        return dict.fromkeys(reading.groups, "")
    first, last = reading.groups[0], reading.groups[-1]
    notes = {}
    for group in reading.groups:
        up = f"the first {divide.move} go up" if group != first else ""
        down = f"the last {divide.move} go down" if group != last else ""
        notes[group] = ", ".join(filter(None, [up, down]))
    return notes


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
    if not any(option["current"] for option in options):
        label = period_words(reading.period, current=False)
        label = label[0].upper() + label[1:]
        options.append({"label": label, "url": url_for("boards.show", **args), "current": True})
    return options


def _query(args: dict[str, Any]) -> str:
    return f"?{urlencode(args)}" if args else ""
