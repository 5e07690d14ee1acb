"""Forms that are done once, however often they are sent: by a double click, or by a reload."""

import hashlib
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, flash, redirect, request
from flask.typing import ResponseReturnValue

from incentives.access import signed_in
from incentives.clock import now
from incentives.operations.answer_once import Answer, Answered, BadKey, Sending, answered_once

# The hidden field in which a form says which one it is.
FIELD = "form"
OTHER_CONTENT = (
    "This form was sent before, with something else in it, and that was done. Go back, load the "
    "page again, and look at what stands there before you send another."
)


def form_name() -> str:
    """A name of its own for a form that is about to be shown."""
    return secrets.token_urlsafe(16)


def sent_once(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """A view that answers with a redirect when it has done what the form asks. It goes under the
    route. The same form again leads to the same place, and other content in it is refused."""

    @wraps(view)
    def sent(**parts: Any) -> ResponseReturnValue:
        if FIELD not in request.form:
            return view(**parts)
        try:
            with answered_once(_sending(), now=now()) as keep:
                answer = current_app.make_response(view(**parts))
                if answer.status_code < 400:
                    keep(Answer(answer.status_code, {"Location": answer.headers["Location"]}, ""))
            return answer
        except Answered as found:
            flash("The form came twice and was done once.", "ok")
            return redirect(found.answer.headers["Location"])
        except BadKey as error:
            raise BadKey(error.code, OTHER_CONTENT) from error

    return sent


def _sending() -> Sending:
    """Two clicks are one form: the second waits for the first."""
    said = sorted(each for each in request.form.items(multi=True) if each[0] != "csrf_token")
    content = hashlib.sha256(repr((request.path, said)).encode()).hexdigest()
    return Sending(f"person {signed_in().person_id}", request.form[FIELD], content, waits=True)
