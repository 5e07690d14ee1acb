"""What the company says on recognition: which wins are told, kudos, and quiet hours."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.core.recognition import WINS
from incentives.errors import Invalid
from incentives.operations.change_recognition import Settings, change_recognition
from incentives.store.recognition import Recognition, the_recognition
from incentives.web.forms import error_list, text
from incentives.web.meanwhile import stamp_of, unless_changed
from incentives.web.quiet_hours import clock, typed_quiet

blueprint = Blueprint("recognition", __name__)

LABELS = {
    "deal_floor": "Tell deals from",
    "kudos_allowance": "Kudos for each person and month",
    "kudos_labels": "What kudos may stand for",
    "quiet": "Quiet hours",
}


@blueprint.get("/recognition")
@requires("manage_recognition")
def show() -> ResponseReturnValue:
    return _page(_values(the_recognition()), {})


@blueprint.post("/recognition")
@requires("manage_recognition")
def update() -> ResponseReturnValue:
    try:
        with unless_changed(lambda: stamp_of(_values(the_recognition())), told_at="deal_floor"):
            change_recognition(_sent(), by=signed_in().person_id, now=now())
    except Invalid as error:
        values = {**request.form.to_dict(), "wins": request.form.getlist("wins")}
        return _page(values, error.fields), error.status
    flash("Saved.", "ok")
    return redirect(url_for("recognition.show"))


def _sent() -> Settings:
    return Settings(
        wins=request.form.getlist("wins"),
        deal_floor=_amount(text("deal_floor")),
        kudos_allowance=_count(text("kudos_allowance")),
        kudos_labels=text("kudos_labels").splitlines(),
        quiet=typed_quiet(),
    )


def _amount(written: str) -> Decimal:
    """Less than nothing where it cannot be read, which is then refused."""
    try:
        found = Decimal(written.replace(",", "") or "0")
    except InvalidOperation:
        return Decimal(-1)
    return found if found.is_finite() else Decimal(-1)


def _count(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else -1


def _values(stored: Recognition) -> dict[str, Any]:
    quiet = stored.quiet
    return {
        "wins": stored.wins,
        "deal_floor": format(stored.deal_floor, "f"),
        "kudos_allowance": stored.kudos_allowance,
        "kudos_labels": "\n".join(stored.kudos_labels),
        "quiet_from": clock(quiet.starts) if quiet else "",
        "quiet_until": clock(quiet.ends) if quiet else "",
    }


def _page(values: Mapping[str, Any], problems: Mapping[str, Sequence[str]]) -> str:
    return render_template(
        "recognition/show.html",
        values=values,
        shown=stamp_of(_values(the_recognition())),
        problems=problems,
        errors=error_list(problems, LABELS),
        labels=LABELS,
        kinds=list(WINS.items()),
    )
