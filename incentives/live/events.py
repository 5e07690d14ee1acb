"""What goes over a stream: server-sent events, and the headers before them."""

import json
import random

from incentives.live.views import Fragment

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
PING = b"event: ping\ndata: {}\n\n"


def event(fragment: Fragment) -> str:
    """A server-sent event. JSON keeps every line break inside one data line."""
    data = json.dumps({"version": fragment.version, "html": fragment.html})
    return f"event: fragment\nid: {fragment.version}\ndata: {data}\n\n"


def opening() -> bytes:
    """After how long to come back: spread out, so that a restarted server is not met by everybody
    at once."""
    return b"retry: %d\n\n" % random.randint(500, 2500)  # noqa: S311  no secret
