"""API keys: which there are, a new one shown once, and ending one."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.errors import Invalid, Refused
from incentives.operations.change_api_keys import SCOPES, create_api_key, revoke_api_key
from incentives.store.api_keys import all_api_keys
from incentives.store.companies import the_company
from incentives.web.forms import error_list, text

blueprint = Blueprint("api_keys", __name__)

LABELS = {"name": "What it is for", "scopes": "What it may do"}


@blueprint.get("/api-keys")
@requires("manage_api_keys")
def index() -> ResponseReturnValue:
    return _page({})


@blueprint.post("/api-keys")
@requires("manage_api_keys")
def create() -> ResponseReturnValue:
    try:
        key = create_api_key(
            text("name"),
            request.form.getlist("scopes"),
            by=signed_in().person_id,
            now=now(),
        )
    except Invalid as error:
        return _page(error.fields), error.status
    # Answered at once and never redirected to: no address shows a key a second time.
    return _page({}, new_key=key), 201


@blueprint.post("/api-keys/<prefix>/end")
@requires("manage_api_keys")
def delete(prefix: str) -> ResponseReturnValue:
    try:
        revoke_api_key(prefix, by=signed_in().person_id, now=now())
    except Refused as error:
        flash(error.message, "error")
    else:
        flash("The key is revoked. Whoever uses it is refused from now on.", "ok")
    return redirect(url_for("api_keys.index"))


def _page(problems: Mapping[str, Sequence[str]], new_key: str | None = None) -> str:
    keys = all_api_keys()
    return render_template(
        "api_keys/index.html",
        keys=[key for key in keys if key.revoked_at is None],
        revoked=[key for key in keys if key.revoked_at is not None],
        new_key=new_key,
        scopes=SCOPES,
        typed={
            "name": "" if new_key else text("name"),
            "scopes": [] if new_key else request.form.getlist("scopes"),
        },
        problems=problems,
        errors=error_list(problems, LABELS),
        labels=LABELS,
        zone=the_company().calendar.zone,
    )
