"""Who calls: the key of a request is checked, and its scope, before anything else is."""

from collections.abc import Callable
from typing import Any

from flask import Response, current_app, g, request
from flask_limiter.util import get_remote_address

from incentives.access import API_KEY
from incentives.clock import now
from incentives.errors import Forbidden, Refused
from incentives.operations.use_api_key import use_api_key
from incentives.store.api_keys import UsedKey
from incentives.tokens import token_hash

View = Callable[..., Any]

_LOOKED_UP, _FAILED = "incentives.api_key", "incentives.api_key_failed"


class KeyMissing(Refused):
    """The request says no key, or one that is not known."""

    status = 401


def needs_scope(scope: str) -> Callable[[View], View]:
    """Say that a view is for keys with a scope. It goes under the route, nearest the function."""

    def mark(view: View) -> View:
        view.policy = API_KEY  # type: ignore[attr-defined]
        view.scope = scope  # type: ignore[attr-defined]
        return view

    return mark


def check_key() -> None:
    """Runs before every view of the API that names a scope."""
    assert request.endpoint is not None, "blueprints only see requests that have a route"
    scope = getattr(current_app.view_functions[request.endpoint], "scope", None)
    if scope is None:
        return
    key = _key_in_use()
    if key is None:
        raise KeyMissing(
            "key_unknown",
            "Send a key that is in use, as Authorization: Bearer KEY. An administrator makes "
            "keys on the page Keys.",
        )
    if scope not in key.scopes:
        raise Forbidden(
            "scope_missing",
            f"This needs a key with the scope {scope}. Yours has {', '.join(key.scopes)}.",
        )
    g.api_key_id = key.id


def _key_in_use() -> UsedKey | None:
    """Looked up once for each try of a request; what went wrong with it is raised where the next
    one asks."""
    failed: Exception | None = request.environ.pop(_FAILED, None)
    if failed is not None:
        raise failed
    if _LOOKED_UP not in request.environ:
        request.environ[_LOOKED_UP] = use_api_key(_key_of_request(), now=now())
    found: UsedKey | None = request.environ[_LOOKED_UP]
    return found


def _key_of_request() -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def rate_key() -> str:
    """What requests are counted by: the key, or the address where there is none."""
    key = _key_of_request()
    return token_hash(key) if key else get_remote_address()


def may_be_in_use() -> bool:
    """Whether the key of this request is in use, or cannot be looked up: then `check_key`, which
    comes next, raises why. Raised here, the limiter would take it for its own Redis being away."""
    try:
        return _key_in_use() is not None
    except Exception as error:
        request.environ[_FAILED] = error
        return True


def was_unknown(answer: Response) -> bool:
    return answer.status_code == KeyMissing.status
