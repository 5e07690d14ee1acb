"""Give kudos to colleagues, take them back, or hide them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.errors import Invalid
from incentives.operations.give_kudos import (
    colleagues_of,
    give_kudos,
    hide_kudos,
    read_allowance,
    take_kudos_back,
)
from incentives.store.recognition import the_recognition
from incentives.web.forms import error_list, ids, text

blueprint = Blueprint("kudos", __name__)

# Offered at a time; a search finds the others.
OFFERED = 30
LABELS = {"to": "To", "message": "What for", "label": "It stands for"}


@blueprint.get("/kudos/new")
@requires("give_kudos")
def new() -> ResponseReturnValue:
    return _page({})


@blueprint.get("/kudos/colleagues")
@requires("give_kudos")
def colleagues() -> ResponseReturnValue:
    """Those found by a name; who is chosen already stays."""
    chosen = set(ids(request.args.getlist("to")))
    return render_template("kudos/_colleagues.html", **_offered(chosen, request.args.get("q", "")))


@blueprint.post("/kudos")
@requires("give_kudos")
def create() -> ResponseReturnValue:
    if text("do") == "find":
        return _page({})
    try:
        give_kudos(
            ids(request.form.getlist("to")),
            text("message"),
            text("label"),
            by=signed_in().person_id,
            now=now(),
        )
    except Invalid as error:
        return _page(error.fields), error.status
    flash("Your kudos stand in the feed.", "ok")
    return redirect(url_for("feed.show"))


@blueprint.post("/kudos/<int:kudos_id>/withdrawal")
@requires("give_kudos")
def create_withdrawal(kudos_id: int) -> ResponseReturnValue:
    take_kudos_back(kudos_id, by=signed_in().person_id, now=now())
    flash("Taken back.", "ok")
    return redirect(url_for("feed.show"))


@blueprint.post("/kudos/<int:kudos_id>/hiding")
@requires("moderate_feed")
def create_hiding(kudos_id: int) -> ResponseReturnValue:
    try:
        hide_kudos(kudos_id, reason=text("reason"), by=signed_in().person_id, now=now())
    except Invalid as error:
        flash(error.message, "error")
        return redirect(url_for("feed.show_item", key=f"kudos-{kudos_id}"))
    flash("The kudos are hidden.", "ok")
    return redirect(url_for("feed.show"))


def _page(problems: Mapping[str, Sequence[str]]) -> str:
    chosen = set(ids(request.form.getlist("to")))
    settings = the_recognition()
    return render_template(
        "kudos/new.html",
        **_offered(chosen, text("q")),
        message=text("message"),
        label=text("label"),
        choices=[("", "Nothing in particular"), *((each, each) for each in settings.kudos_labels)],
        allowance=read_allowance(signed_in().person_id, now=now()),
        problems=problems,
        errors=error_list(problems, LABELS),
        labels=LABELS,
    )


def _offered(chosen: set[int], wanted: str) -> dict[str, Any]:
    found = colleagues_of(signed_in().person_id, now=now())
    words = " ".join(wanted.split()).casefold()
    others = [each for each in found if each.id not in chosen and words in each.name.casefold()]
    return {
        "chosen": [each for each in found if each.id in chosen],
        "offered": others[:OFFERED],
        "more": max(0, len(others) - OFFERED),
        "wanted": wanted,
    }
