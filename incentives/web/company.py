"""The company: its name, zone, currency and fiscal year."""

from calendar import month_name
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.errors import Invalid
from incentives.operations.change_company import change_company, currency_may_change
from incentives.store.companies import the_company
from incentives.web.forms import error_list, text, whole

blueprint = Blueprint("company", __name__)

LABELS = {
    "name": "Name",
    "time_zone": "Time zone",
    "currency": "Currency",
    "fiscal_start_month": "Fiscal year starts in",
}
MONTHS = [(str(number), month_name[number]) for number in range(1, 13)]


def zone_choices() -> list[tuple[str, str]]:
    """Zones by place; the names without a place are other names of the same."""
    places = sorted(zone for zone in available_timezones() if "/" in zone)
    kept = [zone for zone in places if not zone.startswith(("Etc/", "SystemV/", "posix", "right"))]
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in kept)]


@blueprint.get("/company")
@requires("manage_company")
def show() -> ResponseReturnValue:
    company = the_company()
    said = {name: getattr(company, name) for name in LABELS}
    return _page({}, said)


@blueprint.post("/company")
@requires("manage_company")
def update() -> ResponseReturnValue:
    try:
        change_company(
            name=text("name"),
            time_zone=text("time_zone"),
            currency=text("currency") or the_company().currency,
            fiscal_start_month=whole("fiscal_start_month"),
            by=signed_in().person_id,
            now=now(),
        )
    except Invalid as error:
        return _page(error.fields, request.form), error.status
    flash("Saved. Where days moved between periods, everybody is being calculated anew.", "ok")
    return redirect(url_for("company.show"))


def _page(problems: Mapping[str, Sequence[str]], values: Mapping[str, Any]) -> str:
    return render_template(
        "company/show.html",
        values=values,
        problems=problems,
        errors=error_list(problems, LABELS),
        labels=LABELS,
        zones=zone_choices(),
        months=MONTHS,
        currency_may_change=currency_may_change(),
    )
