"""Signed-in browsers: the cookie holds a token, the database says what it is worth."""

from typing import Any

from flask import Flask, redirect, request, url_for
from flask_login import UserMixin

from incentives.clock import now
from incentives.extensions import login_manager
from incentives.operations.sessions import open_session
from incentives.store.people import Login
from incentives.web import hx


class SignedIn(UserMixin):  # type: ignore[misc]
    """The user of a request: a live session row and its login."""

    def __init__(self, token: str, login: Login) -> None:
        self.token = token
        self.login = login

    def get_id(self) -> str:
        return self.token


def init_app(app: Flask) -> None:
    # The session is a row of ours and can be ended there; the address may change while travelling.
    login_manager.session_protection = None

    @login_manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> SignedIn | None:
        login = open_session(token, now=now())
        return SignedIn(token, login) if login else None

    @login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
    def sign_in_first() -> Any:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        address = url_for("signin.show", next=wanted)
        # A redirect would be followed inside the page: htmx is told to leave it instead.
        return hx.go_to(address) if hx.is_htmx() else redirect(address)
