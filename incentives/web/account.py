"""One's own sign-in: another password, and the browsers in which one is signed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from incentives.access import ROLES, requires, signed_in
from incentives.clock import now
from incentives.errors import Invalid
from incentives.extensions import limiter
from incentives.operations.change_own_access import (
    change_own_password,
    end_other_sessions,
    end_own_session,
)
from incentives.operations.sessions import IDLE_FOR
from incentives.store.companies import the_company
from incentives.store.people import open_sessions_of
from incentives.tokens import token_hash
from incentives.web.forms import error_list

blueprint = Blueprint("account", __name__)

LABELS = {"current": "Present password", "new": "New password", "again": "New password again"}


@dataclass(frozen=True, slots=True)
class Browser:
    started_at: datetime
    seen_at: datetime
    is_this: bool


@blueprint.get("/account")
@requires("own_account")
def show() -> ResponseReturnValue:
    return _page({})


@blueprint.post("/account/password")
@limiter.limit("20 per minute")
@requires("own_account")
def update_password() -> ResponseReturnValue:
    try:
        change_own_password(
            signed_in().id,
            current=request.form.get("current", ""),
            new=request.form.get("new", ""),
            again=request.form.get("again", ""),
            token=current_user.token,
            now=now(),
        )
    except Invalid as error:
        return _page(error.fields), error.status
    flash("The password is changed. Every other browser is signed out.", "ok")
    return redirect(url_for("account.show"))


@blueprint.post("/account/sessions/end")
@requires("own_account")
def delete_session() -> ResponseReturnValue:
    """One other browser, or all others where none is named."""
    started_at = request.form.get("started_at", "")
    if started_at:
        end_own_session(signed_in().id, _instant(started_at), now=now())
    else:
        end_other_sessions(signed_in().id, token=current_user.token, now=now())
    flash("Signed out there.", "ok")
    return redirect(url_for("account.show"))


def _instant(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        sentence = "There is no such browser any more. Load the page again."
        raise Invalid("session", sentence) from error


def _page(problems: Mapping[str, Sequence[str]]) -> str:
    login = signed_in()
    this = token_hash(current_user.token)
    browsers = [
        Browser(found.started_at, found.seen_at, found.token_hash == this)
        for found in open_sessions_of(login.id, seen_since=now() - IDLE_FOR)
    ]
    return render_template(
        "account/show.html",
        login=login,
        role=ROLES[login.role],
        browsers=sorted(browsers, key=lambda browser: not browser.is_this),
        problems=problems,
        errors=error_list(problems, LABELS),
        labels=LABELS,
        zone=the_company().calendar.zone,
    )
