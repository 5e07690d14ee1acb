"""Exchange rates: what currencies are worth from a day on."""

from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, ValidationError, fields

from incentives.api.v1.activity_schema import MISSING, Strict, Text, field_errors
from incentives.api.v1.at_most_once import at_most_once
from incentives.api.v1.blueprints import make_blueprint
from incentives.api.v1.body import check_length, json_body, takes_one_or_many
from incentives.api.v1.keys import needs_scope
from incentives.clock import now
from incentives.core.exchange import Rate
from incentives.core.fields import ExactDecimal
from incentives.errors import Invalid
from incentives.operations.record_activities import CREATED
from incentives.operations.set_exchange_rates import set_exchange_rates
from incentives.store.audit import API
from incentives.store.exchange_rates import rates_in_force

blueprint = make_blueprint("exchange_rates", "What currencies are worth.")


class RateSchema(Strict):
    """One unit of `currency` is worth `rate` of `to`, from `date` on until the next rate."""

    currency = Text(required=True, metadata={"description": "ISO 4217, such as EUR."})
    to = Text(required=True, metadata={"description": "ISO 4217, such as USD."})
    date = fields.Date(
        attribute="first_day",
        required=True,
        format="%Y-%m-%d",
        error_messages={"required": MISSING, "invalid": "Write a day, such as 2026-11-18."},
    )
    rate = ExactDecimal(required=True, error_messages={"required": MISSING})
    provider = Text(load_default="", metadata={"description": "Who says so, such as ECB."})


class RateResultSchema(Schema):
    """What became of one rate: created, changed or unchanged."""

    index = fields.Integer()
    status = fields.String()


_MANY = RateSchema(many=True)

_RESULTS = {"oneOf": [RateResultSchema, {"type": "array", "items": RateResultSchema}]}


@blueprint.route("/exchange-rates", methods=["GET"])
@blueprint.doc(summary="List exchange rates")
@blueprint.response(200, RateSchema(many=True))
@needs_scope("exchange_rates:read")
def index() -> list[Rate]:
    """The rates that hold, by currencies and day."""
    in_force = rates_in_force()
    return [in_force[key] for key in sorted(in_force)]


@blueprint.route("/exchange-rates", methods=["POST"])
@blueprint.doc(
    summary="Set exchange rates",
    description="One object, or a list of 1 to 1,000: all of them, or none.",
    requestBody=takes_one_or_many(RateSchema),
)
@at_most_once
@blueprint.alt_response(201, schema=RateResultSchema, description="One rate, new.")
@blueprint.response(200, _RESULTS, description="One rate known already, or a list.")
@needs_scope("exchange_rates:write")
def create() -> Response:
    body = json_body()
    if isinstance(body, list):
        check_length(body, "rate", "rates")
        return jsonify(_set(body))
    try:
        (result,) = _set([body])
    except Invalid as error:
        # There is one rate, so its fields are named without its place.
        named = {name.partition(".")[2]: said for name, said in error.fields.items()}
        raise Invalid(error.code, error.message, fields=named) from error
    answer = jsonify(result)
    answer.status_code = 201 if result["status"] == CREATED else 200
    return answer


def _set(items: list[Any]) -> list[dict[str, Any]]:
    try:
        rates = [Rate(**data) for data in _MANY.load(items)]
    except ValidationError as error:
        problems: dict[str, list[str]] = {}
        for field, _, message in field_errors(error.messages):
            problems.setdefault(field, []).append(message)
        raise Invalid("exchange_rate", "No rate was set.", fields=problems) from error
    statuses = set_exchange_rates(rates, by=None, now=now(), via=API)
    return [{"index": place, "status": status} for place, status in enumerate(statuses)]
