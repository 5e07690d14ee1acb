"""Wall screens for managers: which there are, a new link shown once, and revoking one."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.errors import Invalid, NotFound
from incentives.operations.change_wall_screens import create_wall_screen, revoke_wall_screen
from incentives.store.boards import all_boards
from incentives.store.companies import the_company
from incentives.store.wall_screens import all_screens
from incentives.web import links
from incentives.web.forms import error_list, text, whole

blueprint = Blueprint("wall_screens", __name__)

LABELS = {"name": "Where it hangs", "boards": "Boards", "seconds": "Seconds for each"}
SECONDS = "20"


@blueprint.get("/walls")
@requires("manage_boards")
def index() -> ResponseReturnValue:
    return _page({})


@blueprint.post("/walls")
@requires("manage_boards")
def create() -> ResponseReturnValue:
    try:
        token = create_wall_screen(
            text("name"),
            request.form.getlist("boards"),
            seconds=whole("seconds"),
            by=signed_in().person_id,
            now=now(),
        )
    except Invalid as error:
        return _page(error.fields), error.status
    # Answered at once and never redirected to: no address shows a link a second time.
    return _page({}, new_url=links.wall(token)), 201


@blueprint.post("/walls/<int:screen_id>/end")
@requires("manage_boards")
def delete(screen_id: int) -> ResponseReturnValue:
    try:
        revoke_wall_screen(screen_id, by=signed_in().person_id, now=now())
    except NotFound as error:
        flash(error.message, "error")
    else:
        flash("The link is revoked. Screens that show it stop within seconds.", "ok")
    return redirect(url_for("wall_screens.index"))


def _page(problems: Mapping[str, Sequence[str]], new_url: str | None = None) -> str:
    screens = all_screens()
    boards = all_boards()
    return render_template(
        "walls/index.html",
        screens=[screen for screen in screens if screen.revoked_at is None],
        revoked=[screen for screen in screens if screen.revoked_at is not None],
        boards=boards,
        names={board.slug: board.name for board in boards},
        new_url=new_url,
        typed={
            "name": "" if new_url else text("name"),
            "boards": [] if new_url else request.form.getlist("boards"),
            "seconds": SECONDS if new_url else text("seconds") or SECONDS,
        },
        problems=problems,
        errors=error_list(problems, LABELS),
        labels=LABELS,
        zone=the_company().calendar.zone,
    )
