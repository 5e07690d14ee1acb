"""Forms that stood open while somebody else saved: it is said before that is overwritten."""

import hashlib

from flask import request

from incentives.errors import Invalid

# The hidden field in which a form says what it was filled from.
FIELD = "shown"
SENTENCE = "It was changed in another window meanwhile. Look at it there, then save again."


class ChangedMeanwhile(Invalid):
    """Somebody else saved while the form stood open. Told at one of its fields."""

    status = 409

    def __init__(self, field: str) -> None:
        super().__init__("changed_meanwhile", SENTENCE, fields={field: [SENTENCE]})


def stamp_of(*said: object) -> str:
    """A short name for what a form is filled from."""
    return hashlib.blake2b(repr(said).encode(), digest_size=8).hexdigest()


def changed_meanwhile(stands: str) -> bool:
    """Whether the form of this request was filled from something else than what `stands` now."""
    return request.form.get(FIELD, stands) != stands


def still_shown(stands: str) -> str:
    """What the form of this request was filled from, or what `stands` where it is shown first."""
    return request.form.get(FIELD, stands)
