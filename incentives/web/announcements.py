"""Announcements: the list with who has seen them, and the form."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import ADMINISTRATOR, requires, signed_in
from incentives.clock import now
from incentives.errors import Invalid, NotFound
from incentives.operations.change_announcements import (
    Notice,
    change_announcement,
    end_announcement,
    make_announcement,
    teams_to_tell,
)
from incentives.store import announcements
from incentives.store.announcements import Announcement
from incentives.store.companies import the_company
from incentives.web.forms import error_list, moment, text
from incentives.web.meanwhile import stamp_of, unless_changed

blueprint = Blueprint("announcements", __name__)

LABELS = {
    "title": "Title",
    "text": "Text",
    "starts_at": "From",
    "ends_at": "Until",
    "team": "To",
    "pinned": "Keep it on top",
}
_EMPTY = {"title": "", "text": "", "starts_at": "", "ends_at": "", "team": "", "pinned": ""}


@blueprint.get("/announcements")
@requires("manage_announcements")
def index() -> ResponseReturnValue:
    found = announcements.all_announcements()
    seen = announcements.count_seen([each.id for each in found])
    return render_template(
        "announcements/index.html",
        rows=[
            {"notice": each, "state": _state(each), "seen": seen.get(each.id, 0)} for each in found
        ],
        zone=the_company().calendar.zone,
    )


@blueprint.get("/announcements/new")
@requires("manage_announcements")
def new() -> ResponseReturnValue:
    return _form(None, _EMPTY, {})


@blueprint.post("/announcements")
@requires("manage_announcements")
def create() -> ResponseReturnValue:
    try:
        make_announcement(_sent(), by=signed_in().person_id, anywhere=_anywhere(), now=now())
    except Invalid as error:
        return _form(None, request.form, error.fields), error.status
    flash("The announcement is made.", "ok")
    return redirect(url_for("announcements.index"))


@blueprint.get("/announcements/<int:announcement_id>")
@requires("manage_announcements")
def edit(announcement_id: int) -> ResponseReturnValue:
    found = _found(announcement_id)
    return _form(found, _values(found), {})


@blueprint.post("/announcements/<int:announcement_id>")
@requires("manage_announcements")
def update(announcement_id: int) -> ResponseReturnValue:
    found = _found(announcement_id)
    try:
        with unless_changed(lambda: stamp_of(_values(_found(announcement_id))), told_at="title"):
            change_announcement(
                announcement_id,
                _sent(),
                by=signed_in().person_id,
                anywhere=_anywhere(),
                now=now(),
            )
    except Invalid as error:
        return _form(found, request.form, error.fields), error.status
    flash("Saved.", "ok")
    return redirect(url_for("announcements.index"))


@blueprint.post("/announcements/<int:announcement_id>/end")
@requires("manage_announcements")
def create_end(announcement_id: int) -> ResponseReturnValue:
    end_announcement(announcement_id, by=signed_in().person_id, anywhere=_anywhere(), now=now())
    flash("It is not shown any more.", "ok")
    return redirect(url_for("announcements.index"))


def _found(announcement_id: int) -> Announcement:
    found = announcements.announcement(announcement_id)
    if found is None:
        raise NotFound("There is no such announcement.")
    return found


def _anywhere() -> bool:
    """An administrator manages no team, and may tell each."""
    return signed_in().role == ADMINISTRATOR


def _sent() -> Notice:
    zone = the_company().calendar.zone
    return Notice(
        title=text("title"),
        text=text("text"),
        starts_at=moment("starts_at", zone),
        ends_at=moment("ends_at", zone),
        team=text("team") or None,
        is_pinned=bool(text("pinned")),
    )


def _values(found: Announcement) -> dict[str, Any]:
    return {
        "title": found.title,
        "text": found.text,
        "starts_at": _local(found.starts_at),
        "ends_at": _local(found.ends_at) if found.ends_at else "",
        "team": found.team.code if found.team else "",
        "pinned": "1" if found.is_pinned else "",
    }


def _local(at: datetime) -> str:
    return f"{at.astimezone(the_company().calendar.zone):%Y-%m-%dT%H:%M}"


def _state(notice: Announcement) -> str:
    if notice.is_shown_at(now()):
        return "Shown"
    return "To come" if notice.starts_at > now() else "Over"


def _form(
    found: Announcement | None,
    values: Mapping[str, Any],
    problems: Mapping[str, Sequence[str]],
) -> str:
    teams = teams_to_tell(signed_in().person_id, anywhere=_anywhere(), now=now())
    return render_template(
        "announcements/form.html",
        found=found,
        shown=stamp_of(_values(found)) if found else "",
        values=values,
        problems=problems,
        errors=error_list(problems, LABELS),
        labels=LABELS,
        audiences=[("", "Everybody"), *((team.code, team.name) for team in teams)],
        action=url_for("announcements.update", announcement_id=found.id)
        if found
        else url_for("announcements.create"),
    )
