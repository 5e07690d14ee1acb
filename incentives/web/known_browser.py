"""Browsers in which somebody has signed in before, told by a signed cookie.

Wrong passwords are counted for each login. Were they counted alike for everybody, a stranger could
shut anybody out by guessing; so a browser that is known has a count of its own.
"""

import secrets
from typing import TypeVar

from flask import current_app, request
from flask_limiter.util import get_remote_address
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from incentives.tokens import token_hash

COOKIE = "incentives_browser"

Answer = TypeVar("Answer", bound=Response)


def wanted_login() -> str:
    """A name for the login that this request wants in to, whether or not there is one."""
    return token_hash(request.form.get("email", "").strip().lower())


def whose_tries() -> str:
    """What wrong tries are counted by: the login, and the known browser or else the address."""
    return f"{wanted_login()} {_name() or get_remote_address()}"


def is_known() -> bool:
    """Whether somebody signed in to this login with this browser before."""
    return _name() is not None


def remember(answer: Answer) -> Answer:
    """Let this browser be known, from this right sign-in on."""
    answer.set_cookie(
        COOKIE,
        _signer().dumps([wanted_login(), _name() or secrets.token_hex(8)]),
        max_age=current_app.config["KNOWN_BROWSER_DURATION"],
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def _name() -> str | None:
    """What a known browser is called; None for any other."""
    try:
        login, name = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return None
    return str(name) if login == wanted_login() else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="known browser")
