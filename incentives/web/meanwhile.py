"""Forms that stood open while somebody else saved: it is said before that is overwritten."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import request

from incentives.errors import Invalid
from incentives.store.transaction import one_at_a_time

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


@contextmanager
def unless_changed(stands: Callable[[], str], *, told_at: str = "name") -> Iterator[None]:
    """Save inside what a form asks for. `stands` gives the stamp of what it would be filled from
    now: where somebody else has saved since, nothing is, and it is told at the field `told_at`."""
    with one_at_a_time(request.path):
        now = stands()
        if request.form.get(FIELD, now) != now:
            raise ChangedMeanwhile(told_at)
        yield


def still_shown(stands: str) -> str:
    """What the form of this request was filled from, or what `stands` where it is shown first."""
    return request.form.get(FIELD, stands)
