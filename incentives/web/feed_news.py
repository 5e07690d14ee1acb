"""On every page: how much in the feed is new for one, what pops up, and when nothing may."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.errors import Taken
from incentives.operations.feed_news import News, read_news, tell_news
from incentives.operations.read_quiet_hours import quiet_spans
from incentives.web import hx

blueprint = Blueprint("feed_news", __name__)


@blueprint.post("/feed/news")
@requires("see_feed")
def create() -> ResponseReturnValue:
    """The count for a page that is open, with what pops up, once; nothing in quiet hours."""
    news = News(0)
    # Another tab of the same person may have been told a moment ago.
    with suppress(Taken):
        news = tell_news(signed_in().person_id, now=now())
    if not news.kudos and not news.announcements and request.args.get("seen") == str(news.unseen):
        return hx.nothing_new()
    return render_template("feed/_news.html", bell=_bell(news.unseen), told=_told(news))


@blueprint.app_context_processor
def every_page() -> dict[str, Callable[[], Any]]:
    return {"bell_now": bell, "quiet_now": quiet}


def bell() -> dict[str, Any]:
    return _bell(read_news(signed_in().person_id, now=now()).unseen)


def quiet() -> str:
    """When nothing may pop up or sound on this page, as `static/js/quiet.js` reads it."""
    return quiet_spans(signed_in().person_id if current_user.is_authenticated else None)


def _bell(unseen: int) -> dict[str, Any]:
    return {
        "count": unseen,
        "label": f"Feed, {unseen} new" if unseen else "Feed",
        "url": url_for("feed_news.create", seen=unseen),
    }


def _told(news: News) -> list[dict[str, str]]:
    thanks = [
        {
            "text": f"{each.giver.name} thanks you: {each.message}",
            "url": url_for("feed.show_item", key=f"kudos-{each.id}"),
        }
        for each in news.kudos
    ]
    return thanks + [
        {"text": f"Announcement: {each.title}", "url": url_for("feed.show")}
        for each in news.announcements
    ]
