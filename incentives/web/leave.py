"""Leave of a person: added, ended and removed on the person's page."""

from collections.abc import Callable

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires
from incentives.clock import now
from incentives.operations.change_leave import add_leave, end_leave, remove_leave
from incentives.web.changes import make_change
from incentives.web.forms import day
from incentives.web.person_page import person_page

blueprint = Blueprint("leave", __name__)


@blueprint.post("/people/<code>/leave")
@requires("manage_people")
def create(code: str) -> ResponseReturnValue:
    return _do(
        code,
        "The leave is noted.",
        lambda by: add_leave(
            code, first_day=day("first_day"), end_day=day("end_day"), by=by, now=now()
        ),
    )


@blueprint.post("/people/<code>/leave/<int:leave_id>/end")
@requires("manage_people")
def update(code: str, leave_id: int) -> ResponseReturnValue:
    return _do(
        code,
        "Saved.",
        lambda by: end_leave(code, leave_id, end_day=day("end_day"), by=by, now=now()),
    )


@blueprint.post("/people/<code>/leave/<int:leave_id>/removal")
@requires("manage_people")
def delete(code: str, leave_id: int) -> ResponseReturnValue:
    return _do(code, "Removed.", lambda by: remove_leave(code, leave_id, by=by, now=now()))


def _do(code: str, done: str, change: Callable[[int], None]) -> ResponseReturnValue:
    return make_change(
        change,
        done=done,
        then=url_for("people.show", code=code),
        correct=lambda error: person_page(code, {"leave": error.fields}, {"leave": request.form}),
    )
