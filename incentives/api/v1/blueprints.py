"""What every part of the API has: the key check, the rate limit, errors as problem+json."""

import logging
import secrets

from flask import Response, request
from flask_limiter.util import get_remote_address
from flask_smorest import Blueprint
from werkzeug.exceptions import HTTPException

from incentives.api.v1.keys import check_key, may_be_in_use, rate_key, was_unknown
from incentives.errors import Refused, Unavailable
from incentives.extensions import csrf, limiter
from incentives.problems import field_error, http_problem, problem

log = logging.getLogger(__name__)

# Generous: it is there for a program that runs in a circle, not for one that is busy.
MOST_REQUESTS = "3000 per minute"
# From one address, with whatever keys: to guess another each time is no way around it. Keys that
# are in use are not counted here, whoever else is behind the same address.
MOST_UNKNOWN_KEYS = "60 per minute"


def make_blueprint(name: str, description: str) -> Blueprint:
    """A part of the API. Keys take the place of cookies, so there is nothing to forge."""
    blueprint = Blueprint(f"api_{name}", name, url_prefix="/api/v1", description=description)
    blueprint.before_request(check_key)
    blueprint.register_error_handler(Refused, refused)
    blueprint.register_error_handler(HTTPException, http_problem)
    blueprint.register_error_handler(Exception, unexpected)
    csrf.exempt(blueprint)
    limiter.limit(MOST_REQUESTS, key_func=rate_key)(blueprint)
    limiter.limit(
        MOST_UNKNOWN_KEYS,
        key_func=get_remote_address,
        exempt_when=may_be_in_use,
        deduct_when=was_unknown,
    )(blueprint)
    return blueprint


def refused(error: Refused) -> Response:
    errors = [
        field_error(field, "invalid", message)
        for field, messages in error.fields.items()
        for message in messages
    ]
    return problem(
        error.status, error.message, code=error.code, errors=errors, headers=_headers_of(error)
    )


def _headers_of(error: Refused) -> dict[str, str]:
    if error.status == 401:
        return {"WWW-Authenticate": 'Bearer realm="incentives"'}
    if isinstance(error, Unavailable):
        return {"Retry-After": str(error.retry_after_seconds)}
    return {}


def unexpected(error: Exception) -> Response:
    reference = secrets.token_hex(4).upper()
    log.exception("Reference %s: %s %s", reference, request.method, request.path)
    return problem(500, f"That is our fault. Nothing was kept by halves. Reference {reference}.")
