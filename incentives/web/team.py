"""My team: attainment and pace, the numbers of each person, this week, what is still open."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.core.measures import Kpi
from incentives.operations.read_team import (
    OLD_DAYS,
    Cell,
    TeamAttainment,
    TeamReading,
    TeamRow,
    read_team,
)
from incentives.store.boards import all_boards
from incentives.web import formats

blueprint = Blueprint("team", __name__)

_PERIODS = {"week": "This week", "month": "Month", "quarter": "Quarter"}
# Shares of the target at which a step of ink begins, the darkest first.
_STEPS = ((Decimal(1), 4), (Decimal("0.85"), 3), (Decimal("0.6"), 2))
# The bar is drawn to 125 % so that there is room beyond the quota.
_FULL = Decimal("1.25")


@blueprint.get("/team")
@requires("see_team")
def show() -> ResponseReturnValue:
    kind = request.args.get("period", "quarter")
    kind = kind if kind in _PERIODS else "quarter"
    reading = read_team(signed_in().person_id, period_kind=kind, now=now())
    boards = {board.kpi: board.slug for board in all_boards()}
    return render_template(
        "team/show.html",
        team=reading,
        periods=[
            {"label": label, "url": url_for("team.show", period=each), "current": each == kind}
            for each, label in _PERIODS.items()
        ],
        attainment=_attainment(reading),
        columns=[_column(kpi, reading) for kpi in reading.columns],
        rows=[_row(row, reading, boards) for row in reading.rows],
        old_days=OLD_DAYS,
        open_total=sum(row.open.count for row in reading.rows),
        as_of=f"as of {formats.clock_time(now(), reading.company.calendar.zone)}",
    )


def _column(kpi: Kpi, reading: TeamReading) -> dict[str, str]:
    has_target = any(row.cells[kpi.slug].target for row in reading.rows)
    return {"label": kpi.label, "note": "own quota" if has_target else "no target"}


def _row(row: TeamRow, reading: TeamReading, boards: dict[str, str]) -> dict[str, Any]:
    person, month = row.person, reading.company.calendar.period_of(reading.today, "month").key
    return {
        "name": person.name,
        "earnings_url": url_for("earnings.show", code=person.code, period=month),
        "cells": [
            _cell(kpi, row.cells[kpi.slug], boards.get(kpi.slug), person.id, reading.period.key)
            for kpi in reading.columns
        ],
        "on_target": f"{row.on_target} of {row.with_target}" if row.with_target else formats.NONE,
        "deals": formats.number(row.this_week[0]),
        "deals_before": formats.number(row.last_week[0]),
        "revenue": formats.number(row.this_week[1]),
        "revenue_before": formats.number(row.last_week[1]),
        "open": row.open.count,
        "old": row.open.old,
        "oldest": f"{row.open.oldest_days} days"
        if row.open.oldest_days is not None
        else formats.NONE,
        "deals_url": _contributions(boards.get("revenue"), person.id, "week"),
    }


def _contributions(slug: str | None, payee_id: int, period: str) -> str | None:
    if slug is None:
        return None
    return url_for("board_why.contributions", slug=slug, payee_id=payee_id, period=period)


def _cell(kpi: Kpi, cell: Cell, board: str | None, payee_id: int, period: str) -> dict[str, Any]:
    return {
        "text": formats.score(kpi, cell.value),
        "share": formats.percent(cell.share, 0) if cell.share is not None else "",
        "step": _step(cell.share),
        "url": _contributions(board, payee_id, period),
    }


def _step(share: Decimal | None) -> int | None:
    """Which of four steps of ink a share of the target has; None without a target."""
    if share is None:
        return None
    return next((step for floor, step in _STEPS if share >= floor), 1)


def _attainment(reading: TeamReading) -> dict[str, Any] | None:
    found: TeamAttainment = reading.attainment
    if found.ratio is None:
        return None
    ahead = (found.ratio - found.pace) * 100
    direction = "ahead of" if ahead >= 0 else "behind"
    needed = found.needed_a_day
    return {
        "percent": formats.number(found.ratio * 100, 1),
        "pace_text": f"{formats.number(abs(ahead), 1)} points {direction} pace",
        "is_ahead": ahead >= 0,
        "of_text": f"{formats.number(found.credited)} of {formats.number(found.quota)}",
        "past_text": f"{found.past_quota} of {found.people} past 100{formats.THIN}%",
        "bar": {
            "width": _share_of_bar(found.ratio),
            "quota_x": _share_of_bar(Decimal(1)),
            "pace_x": _share_of_bar(found.pace),
            "pace_label": f"Pace today {formats.percent(found.pace)}",
            "pace_inside": found.pace <= found.ratio,
            "label": f"{formats.percent(found.ratio)} of quota, pace {formats.percent(found.pace)}",
        },
        "months": [
            (
                f"{formats.month_name(month)}{' so far' if reading.today in month else ''}",
                formats.number(value),
            )
            for month, value in found.months
        ],
        "missing": formats.number(found.missing),
        "needed": formats.number(needed) if needed is not None else formats.NONE,
        "days_left": found.working_days_left,
    }


def _share_of_bar(ratio: Decimal) -> str:
    return format(
        min(Decimal(100), max(Decimal(0), ratio / _FULL * 100)).quantize(Decimal("0.1")), "f"
    )
