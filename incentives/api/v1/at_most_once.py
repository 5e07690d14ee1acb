"""The header Idempotency-Key: a request that is sent again is done once and answered alike."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, g, request

from incentives.clock import now
from incentives.operations.answer_once import Answer, Answered, Sending, answered_once

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
_KEPT_HEADERS = ("Content-Type", "Location")

PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "A name of your own for this request, such as a UUID. Within 24 hours the same "
    "request under it is not done again and gets the same answer; another one gets 422.",
}


def at_most_once(view: Callable[..., Any]) -> Callable[..., Response]:
    """A view that creates something. Stands right under what describes it. Refusals are not kept:
    nothing was done, and the same may be sent again."""

    @wraps(view)
    def asked(**parts: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return current_app.make_response(view(**parts))
        try:
            with answered_once(_sending(key), now=now()) as keep:
                answer = current_app.make_response(view(**parts))
                if answer.status_code < 400:
                    keep(_kept(answer))
            return answer
        except Answered as found:
            return _again(found.answer)

    described = asked.__dict__["_apidoc"].setdefault("manual_doc", {})
    described["parameters"] = [PARAMETER]
    return asked


def _sending(key: str) -> Sending:
    content = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    content.update(request.get_data())
    return Sending(f"API key {g.api_key_id}", key, content.hexdigest())


def _kept(answer: Response) -> Answer:
    headers = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
    return Answer(answer.status_code, headers, answer.get_data(as_text=True))


def _again(kept: Answer) -> Response:
    return Response(kept.body, kept.status, {**kept.headers, REPLAYED: "true"})
