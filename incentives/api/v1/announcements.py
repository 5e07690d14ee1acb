"""Announcements from a program, to everybody or to a team."""

from flask import Response, jsonify
from marshmallow import Schema, fields

from incentives.api.v1.activity_schema import Instant, Strict, Text
from incentives.api.v1.at_most_once import at_most_once
from incentives.api.v1.blueprints import make_blueprint
from incentives.api.v1.body import takes
from incentives.api.v1.keys import needs_scope
from incentives.api.v1.loading import loaded
from incentives.clock import now
from incentives.operations.change_announcements import (
    Notice,
    change_announcement,
    end_announcement,
    make_announcement,
)
from incentives.store.audit import API

blueprint = make_blueprint("announcements", "What is said to everybody or to a team for a while.")


class NoticeSchema(Strict):
    """Shown from `starts_at`, at once without it, until `ends_at`; to the team with this code, or
    to everybody."""

    title = Text(required=True)
    text = Text(required=True)
    starts_at = Instant(load_default=None, allow_none=True)
    ends_at = Instant(load_default=None, allow_none=True)
    team = Text(load_default=None, allow_none=True)
    is_pinned = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class MadeSchema(Schema):
    id = fields.Integer()


_BODY = takes(NoticeSchema)


@blueprint.route("/announcements", methods=["POST"])
@blueprint.doc(summary="Announce", requestBody=_BODY)
@at_most_once
@blueprint.response(201, MadeSchema)
@needs_scope("announcements:write")
def create() -> Response:
    """It stands on top of the feed, and on wall screens if it is for everybody."""
    made = make_announcement(_notice(), by=None, anywhere=True, now=now(), via=API)
    answer = jsonify({"id": made})
    answer.status_code = 201
    return answer


@blueprint.route("/announcements/<int:announcement_id>", methods=["PUT"])
@blueprint.doc(summary="Change an announcement", requestBody=_BODY)
@blueprint.response(200, MadeSchema)
@needs_scope("announcements:write")
def edit(announcement_id: int) -> dict[str, int]:
    """Put other words in its place."""
    change_announcement(announcement_id, _notice(), by=None, anywhere=True, now=now(), via=API)
    return {"id": announcement_id}


@blueprint.route("/announcements/<int:announcement_id>", methods=["DELETE"])
@blueprint.doc(summary="End an announcement")
@blueprint.response(204)
@needs_scope("announcements:write")
def end(announcement_id: int) -> None:
    """It is shown to nobody from now on; what it said is kept."""
    end_announcement(announcement_id, by=None, anywhere=True, now=now(), via=API)


def _notice() -> Notice:
    refusal = "The announcement was not saved."
    return Notice(**loaded(NoticeSchema(), code="announcement", refusal=refusal))
