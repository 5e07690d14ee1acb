"""Boards: the page, its live rows, your place, why somebody is there, and the wall screen."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.core.measures import KPIS
from incentives.live import tickets
from incentives.live.views import Render, live_views
from incentives.operations.read_board import BoardReading, read_board
from incentives.operations.read_contributions import read_contributions
from incentives.operations.read_wins import read_wins
from incentives.store import teams
from incentives.store.boards import all_boards
from incentives.store.markers import board_version
from incentives.web import board_page, board_parts, contest_cards, formats, wall_page
from incentives.web.contest_cards import running_contests

blueprint = Blueprint("boards", __name__)


def _asked() -> dict[str, str | None]:
    """The period and the team the address asks for."""
    return {"period": request.args.get("period"), "team": request.args.get("team")}


def _me() -> int | None:
    person = signed_in().person
    return person.id if person.is_payee else None


@blueprint.get("/boards")
@requires("see_boards")
def index() -> ResponseReturnValue:
    readings = [read_board(board.slug, now=now()) for board in all_boards()]
    cards = [_card(reading) for reading in readings]
    return render_template("boards/index.html", cards=cards)


def _card(reading: BoardReading) -> dict[str, Any]:
    view = board_page.board_view(reading, first=3)
    own = next((row for row in reading.rows if row.entrant.id == _me()), None)
    return {
        "title": reading.board.name,
        "url": url_for("boards.show", slug=reading.board.slug),
        "explanation": reading.kpi.explanation,
        "rows": view.standings,
        "is_empty": reading.is_empty,
        "own": formats.place(own.standing.place, own.standing.tied) if own else None,
    }


@blueprint.get("/boards/<slug>")
@requires("see_boards")
def show(slug: str) -> ResponseReturnValue:
    metric = request.args.get("metric", slug)
    if metric != slug:
        return redirect(url_for("boards.show", slug=metric, **_said()))
    reading = read_board(slug, **_asked(), now=now())
    address = board_page.address_of(reading)
    view = board_page.board_view(reading)
    return render_template(
        "boards/show.html",
        board=view,
        page={
            "title": board_page.title(reading),
            "period_text": board_page.period_text(reading),
            "explanation": reading.kpi.explanation,
            "url": url_for("boards.show", slug=slug),
            "wall_url": url_for("boards.wall", **address),
            "as_of": f"as of {now().astimezone(reading.company.calendar.zone):%H:%M}",
            "live_url": tickets.issue("board", address, token=current_user.token),
            "poll_url": url_for("boards.rows", **address, seen=""),
            "kept": {"period": address["period"]} if "period" in address else {},
            "empty": _empty(reading) if reading.is_empty else None,
        },
        periods=board_page.period_options(reading),
        teams=_team_options(),
        team=reading.team.code if reading.team else "",
        metrics=[(board.slug, KPIS[board.kpi].label) for board in all_boards()],
        metric=slug,
        contests=[contest_cards.card(each, _me()) for each in running_contests(now=now())],
        feed=wall_page.feed(read_wins(6, now=now()), reading.company),
        dock=board_parts.dock(reading, _me()),
    )


def _team_options() -> list[tuple[str, str]]:
    options = [("", "Everyone")]
    for team in teams.all_teams():
        if team.retired_on is None:
            name = f"{team.parent.name}, {team.name}" if team.parent else team.name
            options.append((team.code, name))
    return sorted(options, key=lambda option: (option[0] != "", option[1].casefold()))


def _empty(reading: BoardReading) -> dict[str, Any]:
    before = reading.company.calendar.before(reading.period)
    earlier = url_for("boards.show", slug=reading.board.slug, period=before.key)
    words = board_page.period_words(before, current=False)
    return {
        "title": "The first one leads",
        "text": "Nothing has been counted in this period yet.",
        "actions": [{"label": f"See {words}", "url": earlier, "primary": True}],
    }


@blueprint.get("/boards/<slug>/rows")
@requires("see_boards")
def rows(slug: str) -> ResponseReturnValue:
    """The live rows for who polls: nothing where the version is the one already seen."""
    return _polled("board", _rows, slug)


@blueprint.get("/boards/<slug>/dock")
@requires("see_boards")
def dock(slug: str) -> ResponseReturnValue:
    reading = read_board(slug, **_asked(), now=now())
    return render_template("boards/_dock.html", dock=board_parts.dock(reading, _me()))


@blueprint.get("/boards/<slug>/people/<int:payee_id>/why")
@requires("see_boards")
def why(slug: str, payee_id: int) -> ResponseReturnValue:
    found = read_contributions(slug, payee_id, **_asked(), now=now())
    view = board_page.board_view(found.board, first=0)
    panel = board_parts.why(found, is_you=payee_id == _me(), columns=view.columns)
    return render_template("boards/_why.html", why=panel)


@blueprint.get("/boards/<slug>/people/<int:payee_id>")
@requires("see_boards")
def contributions(slug: str, payee_id: int) -> ResponseReturnValue:
    found = read_contributions(slug, payee_id, **_asked(), now=now())
    reading = found.board
    return render_template(
        "boards/contributions.html",
        found=found,
        name=found.row.entrant.name,
        title=board_page.title(reading),
        place=formats.place(found.row.standing.place, found.row.standing.tied),
        score=formats.score(reading.kpi, found.row.standing.score),
        attainment=formats.percent(found.row.attainment),
        events=[board_parts.event(item, found) for item in found.items],
        why=board_parts.why(found, is_you=payee_id == _me(), columns=6),
        period_text=board_page.period_text(reading),
        board_url=url_for("boards.show", **board_page.address_of(reading)),
    )


@blueprint.get("/boards/<slug>/wall")
@requires("see_boards")
def wall(slug: str) -> ResponseReturnValue:
    """The board for an office screen: eight rows, readable from afar, no hands needed."""
    reading = read_board(slug, **_asked(), now=now())
    address = board_page.address_of(reading)
    return render_template(
        "boards/wall.html",
        board=board_page.board_view(reading, first=wall_page.ROWS),
        page={
            "title": board_page.title(reading),
            "as_of": f"{now().astimezone(reading.company.calendar.zone):%H:%M}",
            "live_url": tickets.issue("wall", address, token=current_user.token),
            "poll_url": url_for("boards.wall_rows", **address, seen=""),
        },
        side=wall_page.side(reading, now=now()),
        foot=contest_cards.wall_foot(now=now()),
    )


@blueprint.get("/boards/<slug>/wall/rows")
@requires("see_boards")
def wall_rows(slug: str) -> ResponseReturnValue:
    return _polled("wall", _wall_rows, slug)


@blueprint.get("/boards/<slug>/wall/side")
@requires("see_boards")
def wall_side(slug: str) -> ResponseReturnValue:
    reading = read_board(slug, **_asked(), now=now())
    return render_template("boards/_wall_side.html", side=wall_page.side(reading, now=now()))


def _polled(view: str, render: Render, slug: str) -> ResponseReturnValue:
    """The fragment of a stream for who cannot have the stream, with a fresh ticket to try again."""
    args = {**_said(), "slug": slug}
    headers = {"Live-Url": tickets.issue(view, args, token=current_user.token)}
    if request.args.get("seen") == str(board_version()):
        return "", 204, headers
    _, html = render(args)
    return html, 200, headers


def _said() -> dict[str, Any]:
    return {name: value for name, value in _asked().items() if value}


def _reading(args: dict[str, str]) -> BoardReading:
    return read_board(args["slug"], period=args.get("period"), team=args.get("team"), now=now())


def _rows(args: dict[str, str]) -> tuple[int, str]:
    """The rows as everybody sees them: drawn once for a version, shared by all who watch."""
    reading = _reading(args)
    html = render_template("boards/_rows.html", board=board_page.board_view(reading))
    return reading.version, html


def _wall_rows(args: dict[str, str]) -> tuple[int, str]:
    reading = _reading(args)
    view = board_page.board_view(reading, first=wall_page.ROWS)
    return reading.version, render_template("boards/_wall_rows.html", board=view)


live_views.register("board", _rows)
live_views.register("wall", _wall_rows)
