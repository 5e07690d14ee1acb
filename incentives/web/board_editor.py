"""Boards for managers: a form with the board beside it as it would look, saved or taken off."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from incentives.access import REP, requires, signed_in
from incentives.clock import now
from incentives.core.boards import parts
from incentives.core.boards.parts import SIGNED_IN, WALL
from incentives.errors import Invalid, NotFound, Refused
from incentives.operations.change_boards import create_board, edit_board, retire_board
from incentives.operations.preview_board import preview_for
from incentives.store import teams
from incentives.store.boards import Board, board_by_slug
from incentives.store.companies import the_company
from incentives.web import board_form, board_form_words, board_words
from incentives.web.board_form import Texts, field_of
from incentives.web.board_page import board_view
from incentives.web.meanwhile import ChangedMeanwhile, unless_changed
from incentives.web.people_picker import picker

blueprint = Blueprint("board_editor", __name__)

# What a board is called in its preview before it has a name.
UNNAMED = "New board"

Problems = Mapping[str, Sequence[str]]


@blueprint.get("/boards/new")
@requires("manage_boards")
def new() -> ResponseReturnValue:
    return _page(board_form.starter(), None)


@blueprint.get("/boards/<slug>/edit")
@requires("manage_boards")
def edit(slug: str) -> ResponseReturnValue:
    board = _board(slug)
    return _page(board_form.texts_of(board.document, the_company().calendar.zone), board)


@blueprint.post("/boards")
@requires("manage_boards")
def create() -> ResponseReturnValue:
    texts = _typed()
    if request.form.get("do"):
        return _page(texts, None)
    try:
        slug = create_board(_document(texts), by=signed_in().person_id, now=now())
    except Invalid as refusal:
        return _page(texts, None, refusal.fields), refusal.status
    flash(f"{texts['name']} is made.", "ok")
    return redirect(url_for("boards.show", slug=slug))


@blueprint.post("/boards/<slug>")
@requires("manage_boards")
def save(slug: str) -> ResponseReturnValue:
    board, texts = _board(slug), _typed()
    if request.form.get("do"):
        return _page(texts, board)
    try:
        with unless_changed(lambda: str(_board(slug).revision)):
            edit_board(slug, _document(texts), by=signed_in().person_id, now=now())
    except ChangedMeanwhile as error:
        board = _board(slug)
        texts["shown"] = str(board.revision)
        return _page(texts, board, error.fields), error.status
    except Invalid as refusal:
        return _page(texts, board, refusal.fields), refusal.status
    flash(f"{texts['name']} is saved. What it said before is kept.", "ok")
    return redirect(url_for("boards.show", slug=slug))


@blueprint.post("/boards/<slug>/retirement")
@requires("manage_boards")
def retire(slug: str) -> ResponseReturnValue:
    retire_board(slug, by=signed_in().person_id, now=now())
    flash("The board is taken off. Nothing that it showed is lost.", "ok")
    return redirect(url_for("boards.index"))


@blueprint.post("/boards/preview")
@requires("manage_boards")
def preview() -> ResponseReturnValue:
    """The board as it would look, or what is still to be written."""
    return render_template("boards/_preview.html", **_preview(_typed()))


@blueprint.post("/boards/preview/form")
@requires("manage_boards")
def form() -> ResponseReturnValue:
    """The form again, with the fields that a choice brings along."""
    texts = _typed()
    return render_template("boards/_form.html", **_form(texts, _edited(texts), {}))


def _typed() -> Texts:
    texts: Texts = MultiDict(request.form)
    board_form.change_rows(texts, request.form.get("do", ""))
    return texts


def _document(texts: Texts) -> dict[str, Any]:
    return board_form.document_of(texts, the_company().calendar.zone)


def _board(slug: str) -> Board:
    board = board_by_slug(slug)
    if board is None:
        raise NotFound("There is no such board.")
    return board


def _edited(texts: Texts) -> Board | None:
    slug = texts.get("slug", "")
    return _board(slug) if slug else None


def _page(texts: Texts, board: Board | None, problems: Problems | None = None) -> str:
    return render_template(
        "boards/edit.html", **_form(texts, board, problems or {}), **_preview(texts)
    )


def _form(texts: Texts, board: Board | None, problems: Problems) -> dict[str, Any]:
    found = _by_field(problems, texts)
    ties = list(filter(None, texts.getlist("ties")))
    return {
        "texts": texts,
        "edited": board,
        "shown": texts.get("shown") or (board.revision if board else ""),
        "problems": found,
        "errors": [
            (f"field-{name}", board_form_words.label_of(name), said[0])
            for name, said in found.items()
        ],
        "scores": range(board_form.scores_in(texts)),
        "ties": ties,
        "tie_rows": min(board_form.MOST_TIES, len(ties) + 1),
        "words": board_form_words,
        "kpi_options": board_form_words.kpi_options(),
        "team_options": _team_options({*texts.getlist("audience-named"), *texts.getlist("hidden")}),
        "role_options": [(role, board_form_words.VIEWERS[role]) for role in SIGNED_IN],
        "people": {
            name: picker(name, texts.getlist(name), texts.get(f"{name}-find", ""))
            for name in ("audience-people", "hidden")
        },
        "freeze_options": [(viewer, board_form_words.VIEWERS[viewer]) for viewer in parts.VIEWERS],
        "seen_by": _seen_by(texts),
        "seen_by_options": [(role, board_form_words.VIEWERS[role]) for role in (*SIGNED_IN, WALL)],
        "zone_name": the_company().time_zone.replace("_", " "),
    }


def _team_options(chosen: Collection[str]) -> list[tuple[str, str]]:
    """The teams there are, and of those that are gone the chosen ones."""
    return [
        (team.code, f"{team.name}, retired" if team.retired_on else team.name)
        for team in teams.all_teams()
        if team.retired_on is None or team.code in chosen
    ]


def _seen_by(texts: Texts) -> str:
    """As whom the preview is seen."""
    role = texts.get("seen_by", REP)
    return role if role in (*SIGNED_IN, WALL) else REP


def _by_field(problems: Problems, texts: Texts) -> dict[str, list[str]]:
    """What to write instead, by the field beside which it stands."""
    found: dict[str, list[str]] = {}
    for path, said in problems.items():
        sentences = [board_form_words.SENTENCES.get(each, each) for each in said]
        found.setdefault(field_of(path, texts), []).extend(sentences)
    return found


def _preview(texts: Texts) -> dict[str, Any]:
    shown: dict[str, Any] = {"unwritten": [], "board": None, "seen_as": ""}
    try:
        document = _document(texts)
        document["name"] = document["name"] or UNNAMED
        reading = preview_for(document, _seen_by(texts), now=now())
    except Refused as refusal:
        said = _by_field(refusal.fields, texts)
        shown["unwritten"] = [
            (f"field-{name}", board_form_words.label_of(name), found[0])
            for name, found in said.items()
        ] or [("", "", refusal.message)]
        return shown
    shown["board"] = board_view(reading, opens=False)
    shown["title"] = board_words.title(reading)
    shown["note"] = board_words.period_text(reading)
    shown["seen_as"] = reading.own.entrant.name if reading.own else ""
    return shown
