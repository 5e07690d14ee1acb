"""Ratings: how people were judged in a month, where their plan's scorecard asks for it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import accounts_of, reached_payees, requires, signed_in
from incentives.clock import now
from incentives.core.calendar import Period
from incentives.errors import Invalid
from incentives.operations.give_ratings import WantedRating, give_ratings
from incentives.operations.read_ratings import RatingRow, read_ratings
from incentives.store.companies import the_company

blueprint = Blueprint("ratings", __name__)

MONTHS_SHOWN = 12
_PERCENT = re.compile(r"[0-9]{1,5}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A rating on the page. `name` names its field, `id` its place for the browser; `stored` and
    `text` are per cent, as it was when drawn and as it is typed."""

    row: RatingRow
    id: str
    name: str
    stored: str
    before: str
    text: str
    error: str


@blueprint.get("/ratings")
@requires("manage_ratings")
def index() -> ResponseReturnValue:
    return _page(_period(request.args))


@blueprint.post("/ratings")
@requires("manage_ratings")
def save() -> ResponseReturnValue:
    period = _period(request.form)
    try:
        wanted = _wanted(_rows(period))
        count = give_ratings(wanted, by=signed_in().person_id, now=now())
    except Invalid as refusal:
        return _page(period, refusal.fields, refusal.message), refusal.status
    ratings = "1 rating" if count == 1 else f"{count} ratings"
    flash(f"{ratings} saved." if count else "Nothing was changed.", "ok")
    return redirect(url_for("ratings.index", period=period.key))


def _months() -> list[Period]:
    """This month and those before it, newest first."""
    calendar = the_company().calendar
    months = [calendar.period_of(calendar.day_of(now()), "month")]
    while len(months) < MONTHS_SHOWN:
        months.append(calendar.before(months[-1]))
    return months


def _period(asked: Mapping[str, str]) -> Period:
    months = _months()
    return next((month for month in months if month.key == asked.get("period")), months[0])


def _rows(period: Period) -> list[RatingRow]:
    calendar = the_company().calendar
    today = calendar.day_of(now())
    return read_ratings(
        period,
        calendar,
        payee_ids=reached_payees(today),
        accounts=accounts_of(signed_in()),
        today=today,
    )


def _name(row: RatingRow) -> str:
    return f"{row.key.payee_id}/{row.key.item}/{row.key.rated_by}"


def _wanted(rows: Sequence[RatingRow]) -> list[WantedRating]:
    """The cells that differ from when the table was drawn, of what the signed-in person rates.
    Raises Invalid for what is no number."""
    wanted: list[WantedRating] = []
    problems: dict[str, list[str]] = {}
    for row in rows:
        cell = _name(row)
        text = request.form.get(cell, "").strip()
        is_there = row.is_mine and cell in request.form
        if not is_there or text == request.form.get(f"was-{cell}", ""):
            continue
        if text and not _PERCENT.fullmatch(text):
            problems[cell] = ["Write per cent, such as 80, or leave it empty."]
            continue
        ratio = Decimal(text) / 100 if text else None
        wanted.append(WantedRating(row.key, row.day, ratio, cell))
    if problems:
        raise Invalid("rating", "No rating was saved.", fields=problems)
    return wanted


def _page(
    period: Period, problems: Mapping[str, Sequence[str]] | None = None, problem: str = ""
) -> str:
    cells = [_cell(place, row, problems or {}) for place, row in enumerate(_rows(period), start=1)]
    return render_template(
        "ratings/index.html",
        period=period,
        earlier=the_company().calendar.before(period).key,
        months=[(month.key, month.key) for month in _months()],
        cells=cells,
        rates=any(cell.row.is_mine for cell in cells),
        problem=problem,
        errors=[
            (cell.id, f"{cell.row.name}, {cell.row.key.item}", cell.error)
            for cell in cells
            if cell.error
        ],
    )


def _cell(place: int, row: RatingRow, problems: Mapping[str, Sequence[str]]) -> Cell:
    name, stored = _name(row), _percent(row.rating)
    return Cell(
        row=row,
        id=f"rating-{place}",
        name=name,
        stored=stored,
        before=_percent(row.before),
        text=request.form.get(name, stored),
        error=next(iter(problems.get(name, ())), ""),
    )


def _percent(ratio: Decimal | None) -> str:
    return "" if ratio is None else format((ratio * 100).normalize(), "f")
