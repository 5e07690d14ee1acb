"""Refuses what no database keeps: a NUL wherever it comes, and ids beyond the largest."""

from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1


def refuse_nul() -> None:
    """Runs before every request. JSON bodies are looked at where they are read."""
    texts = [request.path]
    for named in (request.args, request.form):
        texts.extend(text for pair in named.items(multi=True) for text in pair)
    if any("\0" in text for text in texts):
        raise BadRequest("There is a character in it that cannot be kept. Remove it.")


class IdConverter(IntegerConverter):
    """Ids in addresses: one larger than any that a database keeps names nothing."""

    def __init__(self, map: Map, *args: Any, **limits: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST_ID, **limits})
