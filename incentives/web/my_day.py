"""My day: where a payee stands, what moved since yesterday, and what is within reach."""

from datetime import datetime, timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.live import tickets
from incentives.live.views import live_views
from incentives.operations.read_my_day import day_version, read_my_day
from incentives.store.companies import the_company
from incentives.store.kudos import kudos_received
from incentives.store.markers import board_version
from incentives.web import hx
from incentives.web.feed_page import when
from incentives.web.my_day_page import day_view, head_view

blueprint = Blueprint("my_day", __name__)

_LATELY, _MOST_KUDOS = timedelta(days=7), 3


@blueprint.get("/my-day")
@requires("see_own_day")
def show() -> ResponseReturnValue:
    return _answer("my_day/show.html")


@blueprint.get("/my-day/cards")
@requires("see_own_day")
def cards() -> ResponseReturnValue:
    """The cards for a page that is open: nothing where they are the ones already seen."""
    if request.args.get("seen") == day_version(now=now()):
        return hx.nothing_new()
    return _answer("my_day/_cards.html")


def _answer(template: str) -> str:
    at = now()
    # Read before the figures: a version may contain more than it says, never less.
    version, seen = board_version(), day_version(now=at)
    day = read_my_day(signed_in().person, now=at)
    return render_template(
        template,
        head=head_view(day),
        day=day_view(day),
        kudos=_kudos(day.payee.id, at),
        cards_url=url_for("my_day.cards", seen=seen),
        version=version,
        live_url=tickets.issue("day", {}, token=current_user.token),
        poll_url=url_for("my_day.pulse", seen=""),
        is_payee=day.payee.is_payee,
    )


def _kudos(person_id: int, at: datetime) -> list[dict[str, str]]:
    """Who thanked one lately, the newest first."""
    found = kudos_received(person_id, at - _LATELY, at)[:_MOST_KUDOS]
    return [
        {
            "by": each.giver.name,
            "text": each.message,
            "at": when(each.given_at, the_company(), at),
            "url": url_for("feed.show_item", key=f"kudos-{each.id}"),
        }
        for each in found
    ]


@blueprint.get("/my-day/version")
@requires("see_own_day")
def pulse() -> ResponseReturnValue:
    """The version the numbers are at, for a page without a stream."""
    if request.args.get("seen") == str(board_version()):
        return hx.nothing_new()
    return _pulse({})[1]


def _pulse(args: dict[str, str]) -> tuple[int, str]:
    """The same for everybody: each page then asks for its own cards."""
    version = board_version()
    return version, render_template("my_day/_version.html", version=version)


live_views.register("day", _pulse)
