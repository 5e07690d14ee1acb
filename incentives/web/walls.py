"""The wall: a screen that nobody touches. Its link is all it has, and it is never signed in."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from incentives.access import public, requires, signed_in
from incentives.clock import now
from incentives.errors import NotFound
from incentives.live import tickets
from incentives.live.views import live_views
from incentives.operations.read_wall import Wall, read_large, read_wall, screen_of, wall_stamp
from incentives.operations.stream_holders import SCREEN
from incentives.store.wall_screens import WallScreen, screen_by_hash
from incentives.web.wall_page import wall_view

blueprint = Blueprint("walls", __name__)


@blueprint.get("/wall/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """The screen; where its link was revoked, a page that says so and looks again by itself."""
    try:
        screen = screen_of(token)
    except NotFound as refusal:
        return render_template("walls/ended.html", text=refusal.message), 404
    poll = url_for("walls.now_on", token=token, seen="")
    return _page(read_wall(screen, now=now()), _stream_of(screen), poll)


@blueprint.get("/wall/<token>/now")
@public
def now_on(token: str) -> ResponseReturnValue:
    """What is on the screen, for one that cannot have the stream, with a fresh ticket."""
    screen = screen_of(token)
    return _polled(lambda: read_wall(screen, now=now()), _stream_of(screen))


@blueprint.get("/boards/<slug>/wall")
@requires("see_boards")
def of_board(slug: str) -> ResponseReturnValue:
    """One board, large, for who is signed in: as every screen sees it."""
    args = _asked(slug)
    poll = url_for("walls.board_now", **args, seen="")
    return _page(_large(args, signed_in().role), _large_stream(args), poll)


@blueprint.get("/boards/<slug>/wall/now")
@requires("see_boards")
def board_now(slug: str) -> ResponseReturnValue:
    args, role = _asked(slug), signed_in().role
    return _polled(lambda: _large(args, role), _large_stream(args))


def _polled(read: Callable[[], Wall], stream: str) -> ResponseReturnValue:
    """Nothing where it is what the screen has already."""
    headers = {"Live-Url": stream}
    if request.args.get("seen") == wall_stamp(now=now()):
        return "", 204, headers
    return _drawn(read()), 200, headers


def _page(wall: Wall, stream: str, poll: str) -> str:
    return render_template(
        "walls/show.html",
        name=wall.name,
        company=wall.company,
        wall=wall_view(wall),
        assets=_assets(str(current_app.static_folder)),
        stream=stream,
        poll=poll,
        as_of=f"{now().astimezone(wall.company.calendar.zone):%H:%M}",
    )


def _drawn(wall: Wall) -> str:
    assets = _assets(str(current_app.static_folder))
    return render_template("walls/_wall.html", wall=wall_view(wall), assets=assets)


def _asked(slug: str) -> dict[str, Any]:
    said = {name: request.args.get(name, "") for name in ("period", "team")}
    return {"slug": slug, **{name: value for name, value in said.items() if value}}


def _large(args: Mapping[str, str], role: str) -> Wall:
    period, team = args.get("period"), args.get("team")
    return read_large(args["slug"], role, now=now(), period=period, team=team)


def _large_stream(args: Mapping[str, str]) -> str:
    said = {**args, "as": signed_in().role}
    return tickets.issue("board large", said, token=current_user.token)


def _stream_of(screen: WallScreen) -> str:
    return tickets.issue_to(SCREEN + screen.token_hash, "wall", {"screen": screen.token_hash})


def _drawn_for_screen(args: dict[str, str]) -> tuple[int, str]:
    screen = screen_by_hash(args["screen"])
    if screen is None:
        raise NotFound("The link of this screen was revoked.")
    return _with_version(read_wall(screen, now=now()))


def _drawn_large(args: dict[str, str]) -> tuple[int, str]:
    return _with_version(_large(args, args["as"]))


def _with_version(wall: Wall) -> tuple[int, str]:
    return max((board.version for board in wall.boards), default=0), _drawn(wall)


@cache
def _assets(folder: str) -> str:
    """Changes with every script and stylesheet, so that a screen loads itself anew."""
    digest = hashlib.blake2b(digest_size=8)
    for kind in ("css", "js"):
        for file in sorted((Path(folder) / kind).iterdir()):
            digest.update(file.read_bytes())
    return digest.hexdigest()


live_views.register("wall", _drawn_for_screen)
live_views.register("board large", _drawn_large)
