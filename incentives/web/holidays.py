"""The company's holidays: the list, one more, many at once."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.errors import Invalid, NotFound
from incentives.operations.change_holidays import add_holidays, remove_holiday
from incentives.operations.import_holidays import import_holidays
from incentives.operations.import_report import ImportReport
from incentives.store.companies import the_company
from incentives.store.holidays import all_holidays
from incentives.web.changes import make_change
from incentives.web.forms import day, error_list, list_sent, text

blueprint = Blueprint("holidays", __name__)

LABELS = {"day": "Day", "name": "Name"}


@blueprint.get("/company/holidays")
@requires("manage_company")
def index() -> ResponseReturnValue:
    return _page()


@blueprint.post("/company/holidays")
@requires("manage_company")
def create() -> ResponseReturnValue:
    typed = day("day")
    if typed is None:
        return _page({"day": ["Write the day."]}), 422
    return make_change(
        lambda by: _add(typed, by),
        done="The holiday is added.",
        then=url_for("holidays.index"),
        correct=lambda error: _page(error.fields),
    )


def _add(typed: date, by: int) -> None:
    add_holidays([(typed, text("name"))], by=by, now=now())


@blueprint.post("/company/holidays/list")
@requires("manage_company")
def create_list() -> ResponseReturnValue:
    try:
        report = import_holidays(list_sent(), by=signed_in().person_id, now=now())
    except Invalid as error:
        return _page(error.fields), error.status
    return _page(report=report)


@blueprint.post("/company/holidays/<written>/removal")
@requires("manage_company")
def delete(written: str) -> ResponseReturnValue:
    try:
        holiday = date.fromisoformat(written)
    except ValueError as error:
        raise NotFound("There is no holiday at this address.") from error
    remove_holiday(holiday, by=signed_in().person_id, now=now())
    return redirect(url_for("holidays.index"))


def _page(
    problems: Mapping[str, Sequence[str]] | None = None, report: ImportReport | None = None
) -> str:
    found = problems or {}
    return render_template(
        "holidays/index.html",
        holidays=all_holidays(),
        today=the_company().calendar.day_of(now()),
        typed={name: text(name) for name in LABELS},
        pasted=text("list") if "file" in found else "",
        problems=found,
        errors=error_list(found, LABELS),
        labels=LABELS,
        report=report,
    )
