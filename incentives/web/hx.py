"""The one module that speaks htmx-flask: what it gets wrong is put right here.

Its `reswap` argument raises for common values and it never says Vary, so headers are set by hand.
"""

from flask import Response, request


def wants_fragment() -> bool:
    """Whether only a part of the page is asked for, not a whole one for history or a boost."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def is_htmx() -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]


def go_to(address: str) -> Response:
    """Send the browser to a whole new page from inside an htmx request."""
    return Response(status=200, headers={"HX-Redirect": address})


def nothing_new() -> Response:
    return Response(status=204)
