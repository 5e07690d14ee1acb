"""The feed for programs: wins, kudos and announcements, never anybody's pay."""

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from incentives.api.v1.blueprints import make_blueprint
from incentives.api.v1.keys import needs_scope
from incentives.api.v1.query import QueryParser
from incentives.clock import now
from incentives.core.boards.parts import PROGRAM
from incentives.core.boards.privacy import Viewer
from incentives.core.words import plain
from incentives.operations.feed_items import FeedItem
from incentives.operations.read_feed import MOST, read_feed

blueprint = make_blueprint("feed", "Wins, kudos and announcements.")
blueprint.ARGUMENTS_PARSER = QueryParser()


class FeedQuery(Schema):
    team = fields.String(load_default=None, metadata={"description": "A team's code."})
    limit = fields.Integer(load_default=30, validate=validate.Range(1, MOST))


class NamedSchema(Schema):
    id = fields.Integer()
    name = fields.String()


class FeedItemSchema(Schema):
    """`kind` is deal, badge, milestone, lead, contest or kudos; `what` the customer, badge, board,
    contest or value it is about. A number is text; it is in `currency`, or of `unit`."""

    key = fields.String()
    kind = fields.String()
    at = fields.AwareDateTime()
    people = fields.List(fields.Nested(NamedSchema))
    giver = fields.Nested(NamedSchema, allow_none=True)
    what = fields.String()
    text = fields.String()
    value = fields.String(allow_none=True)
    unit = fields.String()
    currency = fields.String(allow_none=True)
    activity_id = fields.Integer(allow_none=True)


class NoticeShownSchema(Schema):
    id = fields.Integer()
    title = fields.String()
    text = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime(allow_none=True)
    is_pinned = fields.Boolean()


class FeedSchema(Schema):
    """The newest first. `hides_names` says that a board hides names from programs: then no win is
    told."""

    items = fields.List(fields.Nested(FeedItemSchema))
    has_more = fields.Boolean()
    announcements = fields.List(fields.Nested(NoticeShownSchema))
    hides_names = fields.Boolean()
    frozen_at = fields.AwareDateTime(allow_none=True)


@blueprint.route("/feed", methods=["GET"])
@blueprint.doc(summary="Read the feed")
@blueprint.arguments(FeedQuery, location="query", unknown=RAISE)
@blueprint.response(200, FeedSchema)
@needs_scope("feed:read")
def index(query: dict[str, Any]) -> dict[str, Any]:
    """What happened in the last 90 days, as boards let programs know it."""
    found = read_feed(Viewer(PROGRAM), now=now(), team=query["team"], limit=query["limit"])
    return {
        "items": [_item(item) for item in found.items],
        "has_more": found.has_more,
        "announcements": found.announcements,
        "hides_names": found.hides_names,
        "frozen_at": found.frozen_at,
    }


def _item(item: FeedItem) -> dict[str, Any]:
    win = item.win
    return {
        "key": win.key,
        "kind": win.kind,
        "at": win.at,
        "people": win.people,
        "giver": item.giver,
        "what": win.what,
        "text": item.text,
        "value": None if win.value is None else plain(win.value),
        "unit": win.unit,
        "currency": win.currency,
        "activity_id": win.activity_id,
    }
