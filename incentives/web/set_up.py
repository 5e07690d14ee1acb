"""Setting up an empty company by a one-time link."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import public
from incentives.clock import now
from incentives.errors import Invalid
from incentives.extensions import limiter
from incentives.operations.set_up_company import check_set_up_link, set_up_company
from incentives.web.company import zone_choices
from incentives.web.forms import error_list, text

blueprint = Blueprint("set_up", __name__)

LABELS = {
    "company": "Company",
    "time_zone": "Time zone",
    "currency": "Currency",
    "name": "Your name",
    "email": "Your e-mail",
    "password": "Password",
}


@blueprint.get("/set-up/<token>")
@limiter.limit("60 per minute")
@public
def show(token: str) -> ResponseReturnValue:
    check_set_up_link(token, now=now())
    return _page({}, {"time_zone": "UTC", "currency": "USD"})


@blueprint.post("/set-up/<token>")
@limiter.limit("20 per minute")
@public
def create(token: str) -> ResponseReturnValue:
    try:
        set_up_company(
            token,
            company=text("company"),
            time_zone=text("time_zone"),
            currency=text("currency"),
            name=text("name"),
            email=text("email"),
            password=request.form.get("password", ""),
            now=now(),
        )
    except Invalid as error:
        return _page(error.fields, request.form), error.status
    flash("The company is set up. Sign in with what you just chose.", "ok")
    return redirect(url_for("signin.show"))


def _page(problems: Mapping[str, Sequence[str]], typed: Mapping[str, Any]) -> str:
    return render_template(
        "set_up/show.html",
        typed=typed,
        problems=problems,
        errors=error_list(problems, LABELS),
        labels=LABELS,
        zones=zone_choices(),
    )
