"""Requests that the database undid by no fault of theirs are made once more, in this one place.

Only where nothing was committed yet: then nobody can tell the second try from the first. What
cannot be done now is refused as Unavailable, so that no trouble of the database is ever answered
with a success.
"""

import random
import time
from collections.abc import Callable
from itertools import count
from typing import TypeVar

from flask import Flask, request
from flask.typing import ResponseReturnValue

from incentives.errors import Unavailable
from incentives.store.transaction import forget_commits, has_committed, undo
from incentives.store.trouble import as_refusal, is_lost, lost_against_another

# A connection that was cut may well stay so. Of those who lose against each other one gets through
# each time, so they are given more.
TRIES, TRIES_AGAINST_OTHERS = 4, 10
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.02, 0.5

UNSURE = Unavailable(
    "unsure",
    "The database went away while this was being stored. Look whether it is there before you "
    "send it again.",
)

Answer = TypeVar("Answer")


class PatientFlask(Flask):
    """Flask, with views and what runs before them tried again."""

    def preprocess_request(self) -> ResponseReturnValue | None:
        return patiently(super().preprocess_request)

    def dispatch_request(self) -> ResponseReturnValue:
        return patiently(super().dispatch_request)


def patiently(ask: Callable[[], Answer]) -> Answer:
    """What a part of a request answers. Raises Unavailable where the database cannot, even so."""
    forget_commits()
    for failures in count(1):
        try:
            return ask()
        except Exception as error:
            if failures < _tries(error) and not has_committed():
                # Two that met once should not meet again.
                pause = min(FIRST_PAUSE_SECONDS * 2**failures, LONGEST_PAUSE_SECONDS)
                time.sleep(pause * random.random())  # noqa: S311
                undo()
                _rewind_files()
                continue
            refusal = as_refusal(error)
            if refusal is None:
                raise
            raise (UNSURE if has_committed() else refusal) from error
    raise AssertionError("the last try answers or raises")


def _tries(error: Exception) -> int:
    if lost_against_another(error):
        return TRIES_AGAINST_OTHERS
    return TRIES if is_lost(error) else 1


def _rewind_files() -> None:
    for _, file in request.files.items(multi=True):
        file.seek(0)
