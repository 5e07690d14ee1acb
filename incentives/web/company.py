"""The company: its name, zone, currency and fiscal years."""

from calendar import day_name, month_name
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.core.fiscal_years import (
    END,
    LAST,
    NEAREST,
    START,
    WEEKS_PATTERNS,
    FiscalYears,
)
from incentives.errors import Invalid
from incentives.operations.change_company import change_company, currency_may_change
from incentives.store.companies import the_company
from incentives.web.forms import error_list, text, whole
from incentives.web.meanwhile import ChangedMeanwhile, stamp_of, still_shown, unless_changed

blueprint = Blueprint("company", __name__)

LABELS = {
    "name": "Name",
    "time_zone": "Time zone",
    "currency": "Currency",
    "fiscal_start_month": "Fiscal year starts in",
    "year_named_after": "It is named after the year in which it",
    "weeks_pattern": "Months are",
    "year_ends_on": "With weeks, the fiscal year ends on a",
    "year_end_rule": "Which one",
}
MONTHS = [(str(number), month_name[number]) for number in range(1, 13)]
NAMES = [(START, "starts"), (END, "ends")]
PATTERNS = [
    ("", "Calendar months"),
    *((pattern, f"Weeks, {pattern} in each quarter") for pattern in WEEKS_PATTERNS),
]
WEEKDAYS = [(str(number), day_name[number]) for number in range(7)]
RULES = [
    (NEAREST, "The nearest to the end of the month before it starts"),
    (LAST, "The last in the month before it starts"),
]


def zone_choices() -> list[tuple[str, str]]:
    """Zones by place; the names without a place are other names of the same."""
    places = sorted(zone for zone in available_timezones() if "/" in zone)
    kept = [zone for zone in places if not zone.startswith(("Etc/", "SystemV/", "posix", "right"))]
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in kept)]


@blueprint.get("/company")
@requires("manage_company")
def show() -> ResponseReturnValue:
    return _page({}, _said())


@blueprint.post("/company")
@requires("manage_company")
def update() -> ResponseReturnValue:
    try:
        with unless_changed(lambda: stamp_of(_said())):
            change_company(
                name=text("name"),
                time_zone=text("time_zone"),
                currency=text("currency") or the_company().currency,
                years=_typed_years(),
                by=signed_in().person_id,
                now=now(),
            )
    except ChangedMeanwhile as error:
        return _page(error.fields, request.form, shown=stamp_of(_said())), error.status
    except Invalid as error:
        return _page(error.fields, request.form), error.status
    flash("Saved. Where days moved between periods, everybody is being calculated anew.", "ok")
    return redirect(url_for("company.show"))


def _said() -> dict[str, Any]:
    company = the_company()
    return {name: getattr(company, name) for name in LABELS}


def _typed_years() -> FiscalYears:
    return FiscalYears(
        whole("fiscal_start_month"),
        text("year_named_after"),
        text("weeks_pattern") or None,
        whole("year_ends_on"),
        text("year_end_rule"),
    )


def _page(
    problems: Mapping[str, Sequence[str]], values: Mapping[str, Any], *, shown: str = ""
) -> str:
    return render_template(
        "company/show.html",
        values=values,
        shown=shown or still_shown(stamp_of(_said())),
        problems=problems,
        errors=error_list(problems, LABELS),
        labels=LABELS,
        zones=zone_choices(),
        months=MONTHS,
        names=NAMES,
        patterns=PATTERNS,
        weekdays=WEEKDAYS,
        rules=RULES,
        currency_may_change=currency_may_change(),
    )
