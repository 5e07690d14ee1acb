"""The feed: wins, thanks and announcements, and what people answer to them."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from incentives.access import may, requires, signed_in, viewer
from incentives.clock import now
from incentives.errors import Invalid, Taken
from incentives.live import tickets
from incentives.live.views import live_views
from incentives.operations.feed_news import mark_feed_seen
from incentives.operations.give_kudos import read_allowance
from incentives.operations.react import react
from incentives.operations.read_feed import (
    MOST,
    Feed,
    feed_version,
    live_version,
    read_feed,
    teams_of,
)
from incentives.operations.read_feed_item import read_feed_item
from incentives.operations.write_comment import (
    delete_comment,
    edit_comment,
    hide_comment,
    write_comment,
)
from incentives.store import teams
from incentives.store.companies import the_company
from incentives.web import hx
from incentives.web.changes import make_change
from incentives.web.feed_page import ItemView, item_view
from incentives.web.forms import text

blueprint = Blueprint("feed", __name__)

PAGE = 30
EVERYTHING, MINE = "all", "me"


@blueprint.get("/feed")
@requires("see_feed")
def show() -> ResponseReturnValue:
    drawn, found = _list()
    with suppress(Taken):
        ids = [each.id for each in found.announcements]
        mark_feed_seen(signed_in().person_id, ids, now=now())
    return render_template(
        "feed/show.html",
        **drawn,
        choices=_choices(),
        announcements=[
            {"notice": each, "by": each.author.name if each.author else ""}
            for each in found.announcements
        ],
        allowance=read_allowance(signed_in().person_id, now=now()),
        hides_names=found.hides_names,
        frozen_at=found.frozen_at,
        zone=the_company().calendar.zone,
        version=live_version(),
        live_url=tickets.issue("feed", {}, token=current_user.token),
        poll_url=url_for("feed.pulse", seen=""),
        may_announce=may("manage_announcements"),
        may_set=may("manage_recognition"),
    )


@blueprint.get("/feed/items")
@requires("see_feed")
def items() -> ResponseReturnValue:
    """The list for a page that is open: nothing where it is the one already seen."""
    if request.args.get("seen") == feed_version(now=now()):
        return hx.nothing_new()
    return render_template("feed/_items.html", **_list()[0])


@blueprint.get("/feed/version")
@requires("see_feed")
def pulse() -> ResponseReturnValue:
    """The version the feed is at, for a page without a stream."""
    if request.args.get("seen") == str(live_version()):
        return hx.nothing_new()
    return _pulse({})[1]


def _pulse(args: dict[str, str]) -> tuple[int, str]:
    """The same for everybody: each page then asks for what it may see."""
    version = live_version()
    return version, render_template("feed/_version.html", version=version)


live_views.register("feed", _pulse)


@blueprint.get("/feed/<key>")
@requires("see_feed")
def show_item(key: str) -> ResponseReturnValue:
    return _item_page(key)


@blueprint.post("/feed/<key>/reactions")
@requires("see_feed")
def create_reaction(key: str) -> ResponseReturnValue:
    react(key, text("reaction"), viewer(), now=now())
    if not hx.wants_fragment():
        return redirect(url_for("feed.show_item", key=key))
    return render_template("feed/_reactions.html", item=_item(key))


@blueprint.post("/feed/<key>/comments")
@requires("see_feed")
def create_comment(key: str) -> ResponseReturnValue:
    try:
        write_comment(key, text("text"), viewer(), now=now())
    except Invalid as error:
        return _item_page(key, written=text("text"), problems=error.fields), error.status
    return redirect(url_for("feed.show_item", key=key))


@blueprint.post("/feed/<key>/comments/<int:comment_id>")
@requires("see_feed")
def update_comment(key: str, comment_id: int) -> ResponseReturnValue:
    return make_change(
        lambda by: edit_comment(comment_id, text("text"), by=by, now=now()),
        done="Saved.",
        then=url_for("feed.show_item", key=key),
        correct=lambda error: _item_page(key, edits=comment_id, problems=error.fields),
    )


@blueprint.post("/feed/<key>/comments/<int:comment_id>/deletion")
@requires("see_feed")
def remove_comment(key: str, comment_id: int) -> ResponseReturnValue:
    delete_comment(comment_id, by=signed_in().person_id, now=now())
    flash("The comment is deleted.", "ok")
    return redirect(url_for("feed.show_item", key=key))


@blueprint.post("/feed/<key>/comments/<int:comment_id>/hiding")
@requires("moderate_feed")
def create_hiding(key: str, comment_id: int) -> ResponseReturnValue:
    return make_change(
        lambda by: hide_comment(comment_id, reason=text("reason"), by=by, now=now()),
        done="The comment is hidden. Its author reads why.",
        then=url_for("feed.show_item", key=key),
        correct=lambda error: _item_page(key, hides=comment_id, problems=error.fields),
    )


def _item(key: str) -> ItemView:
    item = read_feed_item(key, viewer(), now=now())
    return item_view(item, the_company(), me=signed_in().person_id, now=now())


def _item_page(
    key: str,
    *,
    written: str = "",
    edits: int | None = None,
    hides: int | None = None,
    problems: Any = None,
) -> str:
    return render_template(
        "feed/item.html",
        item=_item(key),
        written=written,
        edits=edits,
        hides=hides,
        problems=problems or {},
        may_moderate=may("moderate_feed"),
        is_kudos=key.startswith("kudos-"),
        kudos_id=key.partition("-")[2],
    )


def _asked() -> Feed:
    """The part of the feed that this request asks for."""
    shown = request.args.get("show", EVERYTHING)
    team = shown if shown not in (EVERYTHING, MINE, "") else None
    return read_feed(viewer(), now=now(), team=team, mine=shown == MINE, limit=_count())


def _count() -> int:
    asked = request.args.get("count", "")
    return min(int(asked), MOST) if asked.isdecimal() and len(asked) < 5 and int(asked) else PAGE


def _list() -> tuple[dict[str, Any], Feed]:
    """What the list is drawn of. Its version is read before it: it may say less than is shown."""
    company, me, at = the_company(), signed_in().person_id, now()
    shown, count, seen = request.args.get("show", EVERYTHING), _count(), feed_version(now=at)
    found = _asked()
    return {
        "items": [item_view(item, company, me=me, now=at) for item in found.items],
        "items_url": url_for("feed.items", show=shown, count=count, seen=seen),
        "more_url": url_for("feed.show", show=shown, count=count + PAGE) if found.has_more else "",
        "shown": shown,
    }, found


def _choices() -> Sequence[dict[str, Any]]:
    """All, each of one's own teams, and what is about oneself."""
    shown = request.args.get("show", EVERYTHING)
    mine = teams_of(signed_in().person_id, now())
    own = [team for team in teams.all_teams() if team.id in mine and team.retired_on is None]
    options = [(EVERYTHING, "All"), *((team.code, team.name) for team in own), (MINE, "Me")]
    return [
        {"label": label, "url": url_for("feed.show", show=value), "current": value == shown}
        for value, label in options
    ]
