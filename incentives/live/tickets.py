"""Tickets to a stream: handed out with the page, they say what may be watched, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from incentives.live.views import View
from incentives.tokens import token_hash

# A board may be left open all day; the session behind it is looked at all the while.
GOOD_FOR_SECONDS = 16 * 60 * 60


@dataclass(frozen=True, slots=True)
class Ticket:
    """`session` is who holds it: the hash of a signed-in browser's token or of a screen's, never
    the token itself."""

    view: View
    session: str


def _signer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="live stream")


def issue(name: str, args: Mapping[str, str], *, token: str) -> str:
    """The address of a stream, for the page of somebody signed in."""
    return issue_to(token_hash(token), name, args)


def issue_to(holder: str, name: str, args: Mapping[str, str]) -> str:
    """The address of a stream that ends with its holder."""
    assert current_app.secret_key
    said = {"view": name, "args": dict(args), "session": holder}
    ticket = _signer(str(current_app.secret_key)).dumps(said)
    return "/live?" + urlencode({"ticket": ticket})


def read(ticket: str, secret_key: str) -> Ticket | None:
    """What a ticket says, or None where it is forged or too old."""
    try:
        said = _signer(secret_key).loads(ticket, max_age=GOOD_FOR_SECONDS)
    except BadSignature:
        return None
    return Ticket(View.of(said["view"], said["args"]), said["session"])
