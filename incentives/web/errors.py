"""Errors as pages and fragments, each saying what happened, what still holds and what to press."""

import logging
import secrets

from flask import Flask, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from incentives.errors import Refused, Unavailable
from incentives.extensions import login_manager
from incentives.problems import asks_as_a_program, http_problem

log = logging.getLogger(__name__)

_TITLES = {
    400: "That did not arrive as it should",
    403: "This page is not yours",
    404: "Nothing here",
    405: "That cannot be done here",
    413: "The file is too large",
    429: "Too many tries",
    503: "Not just now",
    507: "The disk is full",
}


def init_app(app: Flask) -> None:
    app.register_error_handler(Refused, refused)
    app.register_error_handler(Unavailable, unavailable)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected)


def refused(error: Refused) -> ResponseReturnValue:
    return page(error.status, error.message)


def unavailable(error: Unavailable) -> ResponseReturnValue:
    # The page is drawn for nobody: who it is stands in the database, too.
    g._login_user = login_manager.anonymous_user()
    answer = make_response(page(error.status, error.message))
    answer.headers["Retry-After"] = str(error.retry_after_seconds)
    return answer


def stale_form(error: CSRFError) -> ResponseReturnValue:
    return page(400, "The form was too old. Go back, load the page again and send it once more.")


def http_error(error: HTTPException) -> ResponseReturnValue:
    if asks_as_a_program():
        return http_problem(error)
    if error.response is not None:
        # Who refused has drawn what is to be seen.
        return make_response(error.response)
    sentences = {
        404: "There is nothing at this address.",
        413: "A file may have at most 20 MB.",
        429: "Wait a minute, then try again.",
    }
    code = error.code or 500
    return page(code, sentences.get(code, error.description or ""))


def unexpected(error: Exception) -> ResponseReturnValue:
    reference = secrets.token_hex(4).upper()
    log.exception("Reference %s: %s %s", reference, request.method, request.path)
    return render_template("errors/500.html", reference=reference), 500


def page(status: int, message: str) -> ResponseReturnValue:
    template = {403: "errors/403.html", 404: "errors/404.html"}.get(status, "errors/refused.html")
    refusal = {"title": _TITLES.get(status, "That was not done"), "text": message, "actions": []}
    # as_name: what the sentence about roles says already is not said twice.
    return render_template(template, refusal=refusal, as_name="", who_can_help=message), status
