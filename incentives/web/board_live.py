"""The live part of a board: drawn once for all of a role who watch it; where rows differ from one
viewer to the next it is never streamed, and each asks for their own."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from incentives.access import signed_in, viewer
from incentives.clock import now
from incentives.core.boards.privacy import Viewer
from incentives.errors import NotFound, Refused
from incentives.live import tickets
from incentives.live.views import live_views
from incentives.operations.board_snapshots import Stamp, stamp
from incentives.operations.read_board import BoardReading
from incentives.store.companies import the_company
from incentives.web.board_address import Asked
from incentives.web.board_cheers import cheers
from incentives.web.board_page import BoardView, board_view
from incentives.web.board_pages import Pages, pages_of


@dataclass(frozen=True, slots=True)
class LivePart:
    """`stream` and `poll` are addresses, empty where it does not change by itself. `me` is under
    which id the viewer's own row stands in it."""

    board: BoardView
    stream: str
    poll: str
    me: str


def asked_here(slug: str) -> Asked:
    """The part of a board that this request asks for."""
    return Asked.sent(slug, request.args, zone=the_company().calendar.zone, now=now())


def live_part(asked: Asked, reading: BoardReading) -> LivePart:
    """What a page begins with, drawn as its updates will be, so that the first changes nothing."""
    changes = asked.is_live and reading.is_current
    if not _is_shared(asked, reading):
        poll = _poll_url(asked) if changes else ""
        own = reading.own
        return LivePart(_view(asked, reading), "", poll, str(own.entrant.id) if own else "")
    drawn = asked.read(Viewer(signed_in().role), now=now())
    stream = _stream_url(asked) if changes else ""
    poll = _poll_url(asked) if changes else ""
    return LivePart(_view(asked, drawn), stream, poll, _shared_id(reading))


def polled(asked: Asked) -> ResponseReturnValue:
    """The live part for who cannot have the stream, with a fresh ticket to try again."""
    me = viewer()
    reading = asked.read(me, now=now())
    shared = _is_shared(asked, reading)
    headers = {"Live-Url": _stream_url(asked)} if shared and asked.is_live else {}
    if request.args.get("seen") == reading.stamp:
        return "", 204, headers
    drawn = asked.read(Viewer(me.role), now=now()) if shared else reading
    return render_template("boards/_board.html", board=_view(asked, drawn)), 200, headers


def _is_shared(asked: Asked, reading: BoardReading) -> bool:
    return not reading.is_personal and not asked.is_slice


def _shared_id(reading: BoardReading) -> str:
    """The own row among all: by its pseudonym where everybody else has one."""
    own = reading.own
    return str(reading.own_alias or own.entrant.id) if own else ""


def _stream_url(asked: Asked) -> str:
    args = {**asked.with_slug, "as": signed_in().role}
    return tickets.issue("board", args, token=current_user.token)


def _poll_url(asked: Asked) -> str:
    return url_for("boards.rows", **asked.with_slug, seen="")


def _view(asked: Asked, reading: BoardReading) -> BoardView:
    told = cheers(reading, now=now()) if asked.is_live else []
    return board_view(reading, pages=_pages(asked, reading), cheers=told)


def _pages(asked: Asked, reading: BoardReading) -> Pages | None:
    """Where in all that may be seen one is; none where it is all on one page."""
    if asked.is_around:
        return None

    def address(page: int) -> str:
        return url_for("boards.show", **asked.but(page=page))

    return pages_of(reading.first, len(reading.rows), reading.total, address=address)


def _drawn_for_all(args: dict[str, str]) -> tuple[int, str]:
    """Drawn for a role, as a ticket of ours says; no person is in it. Where each sees other rows by
    now, or nobody may see it, whoever has it open is sent to the page itself."""
    asked = Asked.sent(args["slug"], args, zone=the_company().calendar.zone, now=now())
    before = stamp()
    try:
        reading = asked.read(Viewer(args["as"]), now=now())
    except (NotFound, Refused):
        return _unshared(before, form="")
    if reading.is_personal:
        return _unshared(before, form=reading.form)
    html = render_template("boards/_board.html", board=_view(asked, reading))
    return reading.version, html


def _unshared(made_of: Stamp, *, form: str) -> tuple[int, str]:
    said = made_of.on(the_company().calendar.day_of(now()))
    return made_of.version, render_template("boards/_unshared.html", stamp=said, form=form)


live_views.register("board", _drawn_for_all)
