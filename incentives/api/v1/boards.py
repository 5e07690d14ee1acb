"""Boards and their standings: the same numbers as on the pages, never anybody's pay."""

from typing import Any

from flask import Response, jsonify, request, url_for
from marshmallow import RAISE, ValidationError

from incentives.api.v1.activity_schema import field_errors
from incentives.api.v1.at_most_once import at_most_once
from incentives.api.v1.blueprints import make_blueprint
from incentives.api.v1.board_answers import standings_of, summary, why_of
from incentives.api.v1.board_schema import (
    BoardDocumentSchema,
    BoardSummarySchema,
    BoardToSaveSchema,
    LookQuery,
    SavedBoardSchema,
    SliceQuery,
    StandingsQuery,
    StandingsSchema,
    WhySchema,
)
from incentives.api.v1.body import json_body, takes
from incentives.api.v1.keys import needs_scope
from incentives.api.v1.query import QueryParser
from incentives.clock import now
from incentives.core.boards.parts import PROGRAM
from incentives.core.boards.privacy import Viewer
from incentives.errors import Invalid, NotFound
from incentives.operations.board_snapshots import stamp
from incentives.operations.change_boards import create_board, edit_board, retire_board
from incentives.operations.export_board import export_board
from incentives.operations.preview_board import preview_board
from incentives.operations.read_board import read_board
from incentives.operations.read_contributions import read_contributions
from incentives.store.audit import API
from incentives.store.boards import Board, all_boards, board_by_slug, revisions_of
from incentives.store.companies import the_company

# A program is nobody on a board, and sees what the board shows to programs.
VIEWER = Viewer(PROGRAM)

blueprint = make_blueprint("boards", "Who stands where, and why.")


blueprint.ARGUMENTS_PARSER = QueryParser()


@blueprint.route("/boards", methods=["GET"])
@blueprint.doc(summary="List boards")
@blueprint.response(200, BoardSummarySchema(many=True))
@needs_scope("boards:read")
def index() -> list[dict[str, Any]]:
    """Every board there is."""
    return [summary(board, board.definition.kpi) for board in all_boards()]


@blueprint.route("/boards/<slug>", methods=["GET"])
@blueprint.doc(summary="Read a board's document")
@blueprint.response(200, BoardDocumentSchema)
@needs_scope("boards:read")
def show(slug: str) -> dict[str, Any]:
    """What a board says, and what it said before."""
    board = _board(slug)
    earlier = [
        {"revision": each.revision, "document": each.document, "superseded_at": each.superseded_at}
        for each in revisions_of(board.id)
    ]
    return {**summary(board, board.definition.kpi), "document": board.document, "earlier": earlier}


@blueprint.route("/boards", methods=["POST"])
@blueprint.doc(summary="Create a board", requestBody=takes(BoardToSaveSchema))
@at_most_once
@blueprint.response(201, SavedBoardSchema)
@needs_scope("boards:write")
def create() -> Response:
    """A new board, last in the list."""
    slug = create_board(_document(), by=None, now=now(), via=API)
    answer = jsonify({"slug": slug, "revision": 1})
    answer.status_code = 201
    answer.headers["Location"] = url_for("api_boards.show", slug=slug)
    return answer


@blueprint.route("/boards/<slug>", methods=["PUT"])
@blueprint.doc(summary="Edit a board", requestBody=takes(BoardToSaveSchema))
@blueprint.response(200, SavedBoardSchema)
@needs_scope("boards:write")
def edit(slug: str) -> dict[str, Any]:
    """Put another document in place of the board's; the older one is kept."""
    return {"slug": slug, "revision": edit_board(slug, _document(), by=None, now=now(), via=API)}


@blueprint.route("/boards/<slug>", methods=["DELETE"])
@blueprint.doc(summary="Retire a board")
@blueprint.response(204)
@needs_scope("boards:write")
def retire(slug: str) -> None:
    """Take a board off. Nothing is deleted."""
    retire_board(slug, by=None, now=now(), via=API)


@blueprint.route("/boards/preview", methods=["POST"])
@blueprint.doc(
    summary="Preview a board",
    description="The first 20 rows a document would show now. Nothing is stored.",
    requestBody=takes(BoardToSaveSchema),
)
@blueprint.response(200, StandingsSchema)
@needs_scope("boards:read")
def preview() -> dict[str, Any]:
    return standings_of(preview_board(_document(), viewer=VIEWER, now=now()))


@blueprint.route("/boards/<slug>/standings", methods=["GET"])
@blueprint.doc(summary="Read standings")
@blueprint.alt_response(304, description="Nothing changed since the ETag sent in If-None-Match.")
@blueprint.arguments(StandingsQuery, location="query", unknown=RAISE)
@blueprint.response(200, StandingsSchema)
@needs_scope("boards:read")
def standings(query: dict[str, Any], slug: str) -> Any:
    """The standings of a board, now or as it stood: a page, a search, or those round somebody."""
    _board(slug)
    today = the_company().calendar.day_of(now())
    seen = stamp().on(today)
    if request.if_none_match.contains(seen):
        return _not_modified(seen)
    around = query["around"]
    reading = read_board(
        slug,
        viewer=VIEWER,
        now=now(),
        **_asked(query),
        first=query["offset"],
        limit=query["limit"],
        search=query["search"],
        since=query["since"],
        around=None if around is None else query["window"],
        around_whom=around,
    )
    return standings_of(reading), 200, {"ETag": f'"{seen}"'}


@blueprint.route("/boards/<slug>/standings.csv", methods=["GET"])
@blueprint.doc(summary="Read standings as a file")
@blueprint.arguments(LookQuery, location="query", unknown=RAISE)
@blueprint.response(200, content_type="text/csv")
@needs_scope("boards:read")
def file(query: dict[str, Any], slug: str) -> Response:
    """All rows that may be seen."""
    reading = read_board(slug, viewer=VIEWER, now=now(), **_asked(query))
    answer = Response(export_board(reading), mimetype="text/csv")
    name = "-".join(filter(None, [slug, reading.period.key]))
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    return answer


@blueprint.route("/boards/<slug>/entrants/<int:entrant_id>/why", methods=["GET"])
@blueprint.doc(summary="Read why somebody stands there")
@blueprint.arguments(SliceQuery, location="query", unknown=RAISE)
@blueprint.response(200, WhySchema)
@needs_scope("boards:read")
def why(query: dict[str, Any], slug: str, entrant_id: int) -> dict[str, Any]:
    """The activities that make a score, newest first, what decided a tie, and what comes next."""
    found = read_contributions(slug, entrant_id, viewer=VIEWER, now=now(), **_asked(query))
    return why_of(found, query["offset"], query["limit"])


def _board(slug: str) -> Board:
    board = board_by_slug(slug)
    if board is None:
        raise NotFound("There is no such board.")
    return board


def _document() -> dict[str, Any]:
    """The document in the body of this request. Raises Invalid naming each field."""
    try:
        said: dict[str, Any] = BoardToSaveSchema().load(json_body())
    except ValidationError as error:
        problems: dict[str, list[str]] = {}
        for name, _, message in field_errors(error.messages):
            problems.setdefault(name, []).append(message)
        raise Invalid("board", "The board was not saved.", fields=problems) from error
    document: dict[str, Any] = said["document"]
    return document


def _asked(query: dict[str, Any]) -> dict[str, Any]:
    return {name: query[name] for name in ("period", "team", "at")}


def _not_modified(etag: str) -> Response:
    answer = Response(status=304)
    answer.set_etag(etag)
    return answer
