"""Signing in and out."""

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from incentives.access import public, requires, signed_in
from incentives.clock import now
from incentives.demo.accounts import demo_accounts
from incentives.errors import Invalid
from incentives.extensions import limiter
from incentives.operations.sessions import sign_in, sign_out
from incentives.store.people import has_logins
from incentives.web.pages import home_of
from incentives.web.sessions import SignedIn

blueprint = Blueprint("signin", __name__)


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    if not current_user.is_authenticated:
        return redirect(url_for("signin.show"))
    return redirect(home_of(signed_in().role))


@blueprint.get("/sign-in")
@public
def show() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(home_of(signed_in().role))
    return _form()


@blueprint.post("/sign-in")
@limiter.limit("20 per minute")
@public
def create() -> ResponseReturnValue:
    try:
        token, login = sign_in(
            request.form.get("email", ""), request.form.get("password", ""), now=now()
        )
    except Invalid as error:
        return _form(error.message), error.status
    # A new cookie for a new identity: nothing planted before signing in survives it.
    session.clear()
    session.permanent = True
    login_user(SignedIn(token, login))
    return redirect(_inside(request.args.get("next")) or home_of(login.role))


@blueprint.post("/sign-out")
@requires("sign_out")
def delete() -> ResponseReturnValue:
    sign_out(current_user.token, now=now())
    logout_user()
    session.clear()
    return redirect(url_for("signin.show"))


def _form(error: str | None = None) -> str:
    accounts = demo_accounts(current_app.config["DATA_DIR"]) if current_app.config["DEMO"] else []
    return render_template(
        "signin/show.html",
        error=error,
        email=request.form.get("email", ""),
        demo_accounts=accounts,
        is_new=not has_logins(),
    )


def _inside(address: str | None) -> str | None:
    """The address if it stays on this site: a link must not send people elsewhere. Browsers leave
    out what is not printable, such as a tab between two slashes."""
    if not address or not address.isprintable() or not address.startswith("/"):
        return None
    return None if address.startswith(("//", "/\\")) else address
