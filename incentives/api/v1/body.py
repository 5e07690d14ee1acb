"""Reads a JSON body strictly: what two readers could understand differently is refused."""

import json
from typing import Any, NoReturn

from flask import request
from marshmallow import Schema
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from incentives.errors import Invalid, Refused

MEBIBYTE = 1024 * 1024
LONGEST_BODY = 4 * MEBIBYTE
MOST_AT_ONCE = 1_000


class Unreadable(Refused):
    """The body is no JSON that can be trusted to mean one thing."""

    status = 400


class TooMany(Refused):
    """More things than are taken in one request."""

    status = 413


def takes(schema: type[Schema] | dict[str, Any]) -> dict[str, Any]:
    """How the description of the API says what a body is."""
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def takes_one_or_many(schema: type[Schema]) -> dict[str, Any]:
    """The same for one of something, or a list of them."""
    many = {"type": "array", "items": schema, "minItems": 1, "maxItems": MOST_AT_ONCE}
    return takes({"oneOf": [schema, many]})


def json_body() -> Any:
    """The body of this request. Raises Unreadable, or 413 and 415 as HTTP has them."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send JSON, with the header Content-Type: application/json.")
    if (request.content_length or 0) > LONGEST_BODY or len(request.get_data()) > LONGEST_BODY:
        raise RequestEntityTooLarge
    try:
        return json.loads(
            request.get_data().decode("utf-8"),
            object_pairs_hook=_without_duplicates,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as error:
        raise Unreadable("unreadable", f"The body is no JSON that can be read: {error}.") from error


def check_length(items: list[Any], thing: str, things: str) -> None:
    """Raise Invalid where a list is empty, or TooMany where it is too long."""
    if not items:
        raise Invalid("empty", f"The list is empty. Send at least one {thing}.")
    if len(items) > MOST_AT_ONCE:
        raise TooMany("too_many", f"Send at most {MOST_AT_ONCE:,} {things} at a time.")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Unreadable("duplicate_key", "Name each field once in an object.")
    return found


def _no_number(word: str) -> NoReturn:
    raise Unreadable("no_number", f"{word} is no number. Leave the field out, or write null.")
