"""Activities: taken in one by one or by the thousand, each answered for itself."""

from typing import Any

from flask import Response, jsonify, url_for
from marshmallow import Schema, fields

from incentives.api.v1.activity_schema import (
    ActivitySchema,
    FieldError,
    Instant,
    ShareSchema,
    read_activities,
)
from incentives.api.v1.at_most_once import at_most_once
from incentives.api.v1.blueprints import make_blueprint
from incentives.api.v1.body import check_length, json_body, takes_one_or_many
from incentives.api.v1.keys import needs_scope
from incentives.clock import now
from incentives.core.fields import ExactDecimal
from incentives.errors import NotFound
from incentives.operations.record_activities import CREATED, REJECTED, Recorded, record_activities
from incentives.pause_points import pause_at
from incentives.problems import field_error, problem
from incentives.store.activities import activities_by_id, shares_in
from incentives.store.people import person

blueprint = make_blueprint("activities", "What happened: deals, calls, meetings.")


class FieldErrorSchema(Schema):
    field = fields.String()
    code = fields.String()
    message = fields.String()


class ResultSchema(Schema):
    """What became of one activity: created, changed, unchanged or rejected."""

    index = fields.Integer()
    status = fields.String()
    id = fields.Integer(allow_none=True)
    errors = fields.List(fields.Nested(FieldErrorSchema))


class StoredActivitySchema(Schema):
    """An activity as it counts now."""

    id = fields.Integer()
    source = fields.String()
    external_id = fields.String()
    revision = fields.Integer()
    kind = fields.String()
    shares = fields.List(fields.Nested(ShareSchema))
    occurred_at = Instant(allow_none=True)
    received_at = Instant()
    amount = ExactDecimal(allow_none=True)
    currency = fields.String(allow_none=True)
    quantity = ExactDecimal()
    attributes = fields.Dict(keys=fields.String(), values=fields.String())
    reversed = fields.Boolean()
    changed_at = Instant(allow_none=True)


_RESULTS = {"oneOf": [ResultSchema, {"type": "array", "items": ResultSchema}]}


@blueprint.route("/activities", methods=["POST"])
@blueprint.doc(
    summary="Send activities",
    description="One object, or a list of 1 to 1,000. The same content again changes nothing.",
    requestBody=takes_one_or_many(ActivitySchema),
)
@at_most_once
@blueprint.alt_response(201, schema=ResultSchema, description="One activity, new.")
@blueprint.response(200, _RESULTS, description="One activity known already, or a list.")
@needs_scope("activities:write")
def create() -> Response:
    body = json_body()
    pause_at("recv")
    if isinstance(body, list):
        return _answer_all(body)
    return _answer_one(body)


def _answer_all(items: list[Any]) -> Response:
    check_length(items, "activity", "activities")
    return jsonify(_take(items))


def _answer_one(item: Any) -> Response:
    result = _take([item])[0]
    if result["status"] == REJECTED:
        errors = [field_error(**error) for error in result["errors"]]
        return problem(422, f"The activity was not stored. {errors[0]['message']}", errors=errors)
    answer = jsonify(result)
    answer.headers["Location"] = url_for("api_activities.show", activity_id=result["id"])
    answer.status_code = 201 if result["status"] == CREATED else 200
    return answer


def _take(items: list[Any]) -> list[dict[str, Any]]:
    """Check and store; a bad one costs the others nothing."""
    activities, wrong = read_activities(items)
    recorded = record_activities(list(activities.items()), now=now()) if activities else []
    results = {answer.row: _result(answer) for answer in recorded}
    for place, errors in wrong.items():
        results[place] = _rejected(place, errors)
    return [results[place] for place in range(len(items))]


def _result(answer: Recorded) -> dict[str, Any]:
    if answer.issues:
        errors = [(issue.field, issue.code, issue.message) for issue in answer.issues]
        return _rejected(answer.row, errors)
    return {"index": answer.row, "status": answer.status, "id": answer.id, "errors": []}


def _rejected(place: int, errors: list[FieldError]) -> dict[str, Any]:
    named = [{"field": field, "code": code, "message": message} for field, code, message in errors]
    return {"index": place, "status": REJECTED, "id": None, "errors": named}


@blueprint.route("/activities/<int(max=9223372036854775807):activity_id>", methods=["GET"])
@blueprint.doc(summary="Read an activity")
@blueprint.response(200, StoredActivitySchema)
@needs_scope("activities:write")
def show(activity_id: int) -> dict[str, Any]:
    """An activity as it counts now, with its shares."""
    stored = activities_by_id([activity_id]).get(activity_id)
    if stored is None:
        raise NotFound("There is no such activity.")
    fields_of_it = {name: getattr(stored, name, None) for name in StoredActivitySchema().fields}
    return {**fields_of_it, "shares": _shares(activity_id)}


def _shares(activity_id: int) -> list[dict[str, Any]]:
    shares = []
    for share in shares_in(activity_id):
        payee = person(share.payee_id)
        assert payee is not None, "a credit names a person"
        said = {"payee": payee.code, "percent": share.percent, "overlay": share.overlay}
        shares.append(said)
    return shares
