"""One's own quiet hours, beside the company's."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.core.recognition import QuietHours
from incentives.errors import Invalid
from incentives.operations.change_recognition import change_own_quiet_hours
from incentives.store.recognition import own_quiet_hours, the_recognition
from incentives.web.forms import minute, text

blueprint = Blueprint("quiet_hours", __name__)


@blueprint.get("/quiet-hours")
@requires("own_account")
def show() -> ResponseReturnValue:
    own = own_quiet_hours(signed_in().person_id)
    return _page(clock(own.starts) if own else "", clock(own.ends) if own else "", "")


@blueprint.post("/quiet-hours")
@requires("own_account")
def update() -> ResponseReturnValue:
    try:
        change_own_quiet_hours(typed_quiet(), by=signed_in().person_id, now=now())
    except Invalid as error:
        problem = error.fields["quiet"][0]
        return _page(text("quiet_from"), text("quiet_until"), problem), error.status
    flash("Saved.", "ok")
    return redirect(url_for("quiet_hours.show"))


def clock(minutes: int) -> str:
    """450 is 07:30."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def typed_quiet() -> QuietHours | None:
    """What was written; None where nothing was. What cannot be read is refused later."""
    if not text("quiet_from") and not text("quiet_until"):
        return None
    starts, ends = minute("quiet_from"), minute("quiet_until")
    return QuietHours(-1 if starts is None else starts, -1 if ends is None else ends)


def _page(starts: str, ends: str, problem: str) -> str:
    company = the_recognition().quiet
    return render_template(
        "quiet_hours/show.html",
        starts=starts,
        ends=ends,
        problem=problem,
        company_quiet=f"{clock(company.starts)} to {clock(company.ends)}" if company else "",
    )
