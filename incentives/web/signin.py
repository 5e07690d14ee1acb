"""Signing in and out."""

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit
from flask_login import current_user, login_user, logout_user

from incentives.access import public, requires, signed_in
from incentives.clock import now
from incentives.demo.accounts import demo_accounts
from incentives.errors import Invalid
from incentives.extensions import limiter
from incentives.operations.sessions import sign_in, sign_out
from incentives.store.people import has_logins
from incentives.web import known_browser
from incentives.web.pages import home_of
from incentives.web.sessions import SignedIn

blueprint = Blueprint("signin", __name__)

# Only wrong sign-ins count: an office of hundreds behind one address comes in every morning. And a
# browser in which one has signed in before is not shut out by what the others there do.
FROM_ONE_ADDRESS = "20 per minute"
TO_ONE_LOGIN = "10 per 15 minutes"
# From everywhere together. Whoever guesses from many addresses is stopped, too; a browser in which
# one has signed in before is never shut out by them.
TO_ONE_LOGIN_BY_STRANGERS = "100 per 15 minutes"

TOO_OFTEN_HERE = (
    "Too many wrong tries from where you are. Wait a minute, or sign in with a browser in which "
    "you have signed in before."
)
TOO_OFTEN = (
    "Too many wrong tries. Wait a quarter of an hour, or sign in with a browser in which you have "
    "signed in before."
)


def _was_wrong(response: Response) -> bool:
    return response.status_code == 422


def _wait_a_minute(limit: RequestLimit) -> Response:
    return make_response(_form(TOO_OFTEN_HERE), 429)


def _come_later(limit: RequestLimit) -> Response:
    """The form again. It says the same whether or not there is such a login."""
    return make_response(_form(TOO_OFTEN), 429)


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
@limiter.limit(
    FROM_ONE_ADDRESS,
    exempt_when=known_browser.is_known,
    deduct_when=_was_wrong,
    on_breach=_wait_a_minute,
)
@limiter.limit(
    TO_ONE_LOGIN,
    key_func=known_browser.whose_tries,
    deduct_when=_was_wrong,
    on_breach=_come_later,
)
@limiter.limit(
    TO_ONE_LOGIN_BY_STRANGERS,
    key_func=known_browser.wanted_login,
    exempt_when=known_browser.is_known,
    deduct_when=_was_wrong,
    on_breach=_come_later,
)
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
    answer = redirect(_inside(request.args.get("next")) or home_of(login.role))
    return known_browser.remember(answer)


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
