"""How a page answers a change: made and said, refused and said, or shown again to be corrected."""

from collections.abc import Callable
from contextlib import nullcontext

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from incentives.access import signed_in
from incentives.errors import Invalid, NotFound, Refused
from incentives.web.meanwhile import unless_changed


def make_change(
    change: Callable[[int], None],
    *,
    done: str,
    then: str,
    correct: Callable[[Invalid], str],
    stands: Callable[[], str] | None = None,
    told_at: str = "name",
) -> ResponseReturnValue:
    """Make a change as the signed-in person and go on to the address `then`.

    `correct` draws the page again with what to write where the input cannot be used. `stands` and
    `told_at` are for a form that changes what stands (`meanwhile.unless_changed`).
    """
    try:
        with unless_changed(stands, told_at=told_at) if stands else nullcontext():
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
