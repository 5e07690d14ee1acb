"""Boards and their standings: the same numbers as on the pages, never anybody's pay."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask import Response, request
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from webargs.flaskparser import FlaskParser

from incentives.api.v1.blueprints import make_blueprint
from incentives.api.v1.keys import needs_scope
from incentives.clock import now
from incentives.core.fields import ExactDecimal
from incentives.core.measures import KPIS
from incentives.errors import Invalid, NotFound
from incentives.operations.read_board import BoardReading, BoardRow, read_board
from incentives.store import markers
from incentives.store.boards import Board, all_boards, board_by_slug
from incentives.store.companies import the_company

MOST_ROWS = 1_000
MOST_DECIMALS = Decimal("1e-10")

blueprint = make_blueprint("boards", "Who stands where.")


class QueryParser(FlaskParser):
    """Says what to write in the address, in the form of every other error."""

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> Any:
        found = error.messages_dict["query"]
        raise Invalid("query", "The address asks for what there is not.", fields=found)


blueprint.ARGUMENTS_PARSER = QueryParser()


class BoardSchema(Schema):
    slug = fields.String()
    name = fields.String()
    kpi = fields.String()
    unit = fields.String()


class PeriodSchema(Schema):
    """Half-open: `end_day` no longer belongs to it."""

    key = fields.String()
    kind = fields.String()
    first_day = fields.Date()
    end_day = fields.Date()


class EntrantSchema(Schema):
    id = fields.Integer()
    name = fields.String()
    team = fields.String()


class StandingSchema(Schema):
    """`gap` is what is missing to the next better score; `moved` is places since today began."""

    place = fields.Integer(allow_none=True)
    tied = fields.Boolean()
    entrant = fields.Nested(EntrantSchema)
    score = ExactDecimal(allow_none=True)
    gap = ExactDecimal(allow_none=True)
    moved = fields.Integer(allow_none=True)
    attainment = ExactDecimal(allow_none=True)


class StandingsSchema(Schema):
    board = fields.Nested(BoardSchema)
    version = fields.Integer()
    period = fields.Nested(PeriodSchema)
    standings = fields.List(fields.Nested(StandingSchema))
    total = fields.Integer()


class StandingsQuery(Schema):
    error_messages = {"unknown": "There is no such parameter."}

    period = fields.String(
        load_default=None,
        metadata={"description": "day, week, month, quarter, year, or a key such as 2026-Q4."},
    )
    team = fields.String(load_default=None, metadata={"description": "A team's code."})
    offset = fields.Integer(
        load_default=0, validate=validate.Range(0, 1_000_000, error="Write 0 or more.")
    )
    limit = fields.Integer(
        load_default=100, validate=validate.Range(1, MOST_ROWS, error="Write 1 to 1000.")
    )


@blueprint.route("/boards", methods=["GET"])
@blueprint.doc(summary="List boards")
@blueprint.response(200, BoardSchema(many=True))
@needs_scope("boards:read")
def index() -> list[dict[str, str]]:
    """Every board there is."""
    return [_board(board) for board in all_boards()]


@blueprint.route("/boards/<slug>/standings", methods=["GET"])
@blueprint.doc(summary="Read standings")
@blueprint.alt_response(304, description="Nothing changed since the ETag sent in If-None-Match.")
@blueprint.arguments(StandingsQuery, location="query", unknown=RAISE)
@blueprint.response(200, StandingsSchema)
@needs_scope("boards:read")
def standings(query: dict[str, Any], slug: str) -> Any:
    """The standings of a board over a period, for everyone or one team."""
    if board_by_slug(slug) is None:
        raise NotFound("There is no such board.")
    seen = _etag(markers.board_version())
    if request.if_none_match.contains(seen):
        return _not_modified(seen)
    reading = read_board(slug, period=query["period"], team=query["team"], now=now())
    first = query["offset"]
    rows = reading.rows[first : first + query["limit"]]
    return _standings(reading, rows), 200, {"ETag": f'"{_etag(reading.version)}"'}


def _etag(version: int) -> str:
    """The version, and the day: "this quarter" and movement since this morning depend on it."""
    today = the_company().calendar.day_of(now())
    return f"{version}-{today.isoformat()}"


def _not_modified(etag: str) -> Response:
    answer = Response(status=304)
    answer.set_etag(etag)
    return answer


def _standings(reading: BoardReading, rows: list[BoardRow]) -> dict[str, Any]:
    return {
        "board": _board(reading.board),
        "version": reading.version,
        "period": reading.period,
        "standings": [_standing(row) for row in rows],
        "total": len(reading.rows),
    }


def _board(board: Board) -> dict[str, str]:
    kpi = KPIS[board.kpi]
    return {"slug": board.slug, "name": board.name, "kpi": kpi.slug, "unit": kpi.unit}


def _standing(row: BoardRow) -> dict[str, Any]:
    return {
        "place": row.standing.place,
        "tied": row.standing.tied,
        "entrant": row.entrant,
        "score": _shown(row.standing.score),
        "gap": _shown(row.standing.gap),
        "moved": row.moved,
        "attainment": _shown(row.attainment),
    }


def _shown(value: Decimal | None) -> Decimal | None:
    """A ratio such as a third has no end; ten decimals of it are told."""
    if value is None or value == value.quantize(MOST_DECIMALS):
        return value
    return value.quantize(MOST_DECIMALS, rounding=ROUND_HALF_UP)
