"""How a page answers a change: made and said, refused and said, or shown again to be corrected."""

from collections.abc import Callable

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from incentives.access import signed_in
from incentives.errors import Invalid, NotFound, Refused
from incentives.web.meanwhile import ChangedMeanwhile, changed_meanwhile


def make_change(
    change: Callable[[int], None],
    *,
    done: str,
    then: str,
    correct: Callable[[Invalid], str],
    stands: str | None = None,
    told_at: str = "name",
) -> ResponseReturnValue:
    """Make a change as the signed-in person and go on to the address `then`.

    `correct` draws the page again with what to write where the input cannot be used. `stands` is
    the stamp of what the form is filled from now: where that was saved by somebody else since, it
    is told at the field `told_at`, and nothing is changed.
    """
    try:
        if stands is not None and changed_meanwhile(stands):
            raise ChangedMeanwhile(told_at)
        change(signed_in().person_id)
    except Invalid as error:
        return correct(error), error.status
    except NotFound:
        raise
    except Refused as error:
        flash(error.message, "error")
        return redirect(then)
    flash(done, "ok")
    return redirect(then)
