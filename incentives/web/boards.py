"""Boards: the list, the page, your place at its foot."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import may, requires, signed_in, viewer
from incentives.clock import now
from incentives.core.boards.definition import TEAMS
from incentives.operations.read_board import BoardReading, read_board
from incentives.operations.read_wall import is_shown_large
from incentives.store import teams
from incentives.store.boards import all_boards
from incentives.web import board_live, board_page, board_words, contest_cards, formats
from incentives.web.board_dock import dock as dock_of
from incentives.web.board_empty import empty
from incentives.web.board_live import asked_here
from incentives.web.board_news import latest_wins
from incentives.web.contest_cards import running_contests

blueprint = Blueprint("boards", __name__)


def my_id() -> int | None:
    person = signed_in().person
    return person.id if person.is_payee else None


@blueprint.get("/boards")
@requires("see_boards")
def index() -> ResponseReturnValue:
    """Every board with its first three."""
    me = viewer()
    readings = [read_board(each.slug, viewer=me, now=now(), limit=3) for each in all_boards()]
    cards = [_card(reading) for reading in readings]
    return render_template("boards/index.html", cards=cards, may_manage=may("manage_boards"))


def _card(reading: BoardReading) -> dict[str, Any]:
    view = board_page.board_view(reading)
    own = reading.own
    return {
        "title": reading.board.name,
        "slug": reading.board.slug,
        "explanation": reading.kpi.explanation,
        "board": view,
        "is_empty": reading.is_empty,
        "own": formats.place(own.standing.place, own.standing.tied) if own else None,
    }


@blueprint.get("/boards/<slug>")
@requires("see_boards")
def show(slug: str) -> ResponseReturnValue:
    asked = asked_here(slug)
    if request.args.get("metric", slug) != slug:
        return redirect(url_for("boards.show", **{**asked.args, "slug": request.args["metric"]}))
    reading = asked.read(viewer(), now=now())
    live = board_live.live_part(asked, reading)
    return render_template(
        "boards/show.html",
        board=live.board,
        live=live,
        asked=asked,
        kept={name: said for name, said in asked.args.items() if name not in ("team", "page")},
        large={name: said for name, said in asked.args.items() if name in ("period", "team")},
        is_shown_large=is_shown_large(reading.board, signed_in().role),
        page={
            "title": board_words.title(reading),
            "period_text": board_words.period_text(reading),
            "explanation": board_words.explanation(reading),
            "as_of": f"as of {now().astimezone(reading.company.calendar.zone):%H:%M:%S}",
            "empty": empty(asked, reading),
            "frozen": _frozen(reading),
            "team": reading.team.code if reading.team else "",
            "can_narrow": reading.form == "named" and reading.definition.entrants != TEAMS,
            "can_look_around": reading.own is not None and reading.form != "self",
            "may_manage": may("manage_boards"),
        },
        periods=board_page.period_options(reading),
        since=board_words.since_options(reading),
        teams=_team_options(),
        metrics=[(board.slug, board.name) for board in all_boards()],
        contests=[contest_cards.card(each, my_id()) for each in running_contests(now=now())],
        feed=latest_wins(reading, now=now()),
        dock=dock_of(asked, reading),
    )


def _frozen(reading: BoardReading) -> str:
    if reading.frozen_at is None:
        return ""
    return formats.at(reading.frozen_at, reading.company.calendar.zone)


def _team_options() -> list[tuple[str, str]]:
    options = [("", "Everyone")]
    for team in teams.all_teams():
        if team.retired_on is None:
            name = f"{team.parent.name}, {team.name}" if team.parent else team.name
            options.append((team.code, name))
    return sorted(options, key=lambda option: (option[0] != "", option[1].casefold()))


@blueprint.get("/boards/<slug>/rows")
@requires("see_boards")
def rows(slug: str) -> ResponseReturnValue:
    """The live part for who asks: nothing where it is the one already seen."""
    return board_live.polled(asked_here(slug))


@blueprint.get("/boards/<slug>/dock")
@requires("see_boards")
def dock(slug: str) -> ResponseReturnValue:
    asked = asked_here(slug)
    reading = read_board(
        slug,
        viewer=viewer(),
        now=now(),
        period=asked.period or None,
        team=asked.team or None,
        at=asked.at,
        since=asked.since,
        limit=0,
    )
    return render_template("boards/_dock.html", dock=dock_of(asked, reading))
