"""Refuses a NUL wherever it comes: nobody writes one, and no database keeps it in a text."""

from flask import request
from werkzeug.exceptions import BadRequest


def refuse_nul() -> None:
    """Runs before every request. JSON bodies are looked at where they are read."""
    texts = [request.path]
    for named in (request.args, request.form):
        texts.extend(text for pair in named.items(multi=True) for text in pair)
    if any("\0" in text for text in texts):
        raise BadRequest("There is a character in it that cannot be kept. Remove it.")
