"""Errors for programs: application/problem+json (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response, json, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

MEDIA_TYPE = "application/problem+json"

_SENTENCES = {
    404: "There is nothing at this address. /api/v1/openapi.json lists what there is.",
    405: "This address does not take that method.",
    413: "The body is too large. Send at most 1,000 activities and 4 MB at a time.",
    429: "That was too often. Wait as long as the header Retry-After says.",
}


def asks_as_a_program() -> bool:
    """Whether this request is for the API, by its address: also where no route was found."""
    return request.path.startswith("/api/")


def problem(
    status: int,
    detail: str,
    *,
    code: str | None = None,
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer that says in `detail`, as a sentence, what to do; `errors` point into the body."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code or HTTPStatus(status).name.lower(),
        "errors": list(errors),
    }
    return Response(json.dumps(body), status=status, content_type=MEDIA_TYPE, headers=headers)


def field_error(field: str, code: str, message: str) -> dict[str, str]:
    """An error about one field, with its JSON pointer (RFC 6901)."""
    pointer = "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in field.split("."))
    return {"pointer": pointer, "field": field, "code": code, "message": message}


def http_problem(error: HTTPException) -> Response:
    """What Flask itself refuses, in the same form."""
    status = error.code or 500
    sentence = _SENTENCES.get(status) or error.description or ""
    headers = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(error.valid_methods)
    return problem(status, sentence, headers=headers)
