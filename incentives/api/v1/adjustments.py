"""Adjustments: pay added or taken off by hand, from a program of finance."""

from decimal import Decimal

from flask import Response, jsonify
from marshmallow import Schema, fields

from incentives.api.v1.activity_schema import MISSING, Strict, Text
from incentives.api.v1.at_most_once import at_most_once
from incentives.api.v1.blueprints import make_blueprint
from incentives.api.v1.body import takes
from incentives.api.v1.keys import needs_scope
from incentives.api.v1.loading import loaded
from incentives.clock import now
from incentives.core.fields import ExactDecimal
from incentives.errors import Invalid
from incentives.operations.adjust_pay import adjust_pay, take_back_adjustment
from incentives.store.audit import API
from incentives.store.people import payees_called

blueprint = make_blueprint("adjustments", "Pay added or taken off by hand.")
_NOT_POSTED = "The adjustment was not posted."


class AdjustmentSchema(Strict):
    """`amount`, below 0 where it is taken off, is earned by `payee` in the open pay period
    `period`. `about` names the period it belongs to, where that is another."""

    payee = Text(required=True, metadata={"description": "By code, e-mail or full name."})
    period = Text(required=True, metadata={"description": "An open pay period, such as 2026-11."})
    amount = ExactDecimal(required=True, error_messages={"required": MISSING})
    currency = Text(load_default=None, allow_none=True)
    reason = Text(required=True)
    about = Text(load_default=None, allow_none=True)


class OppositeSchema(Strict):
    """What takes adjustment `number` of a payee back, in the open pay period `period`."""

    payee = Text(required=True)
    number = fields.Integer(strict=True, required=True, error_messages={"required": MISSING})
    period = Text(required=True)
    reason = Text(required=True)


class PostedSchema(Schema):
    """The number of what was posted, among the payee's adjustments."""

    payee = fields.String()
    number = fields.Integer()


@blueprint.route("/adjustments", methods=["POST"])
@blueprint.doc(summary="Adjust pay", requestBody=takes(AdjustmentSchema))
@at_most_once
@blueprint.response(201, PostedSchema)
@needs_scope("adjustments:write")
def create() -> Response:
    """Amounts are texts, such as "-50.00". They are never read back by a key."""
    said = loaded(AdjustmentSchema(), code="adjustment", refusal=_NOT_POSTED)
    amount: Decimal = said.pop("amount")
    payee = said.pop("payee")
    number = adjust_pay(_payee(payee), amount=amount, by=None, now=now(), via=API, **said)
    return _posted(payee, number)


@blueprint.route("/adjustments/opposites", methods=["POST"])
@blueprint.doc(summary="Take an adjustment back", requestBody=takes(OppositeSchema))
@at_most_once
@blueprint.response(201, PostedSchema)
@needs_scope("adjustments:write")
def create_opposite() -> Response:
    """Posts the opposite, which names what it takes back."""
    said = loaded(OppositeSchema(), code="adjustment", refusal=_NOT_POSTED)
    payee = said.pop("payee")
    number = take_back_adjustment(_payee(payee), by=None, now=now(), via=API, **said)
    return _posted(payee, number)


def _payee(name: str) -> int:
    found = payees_called([name])
    if name not in found:
        fields_ = {"payee": ["Nobody who can earn is called so."]}
        raise Invalid("adjustment", _NOT_POSTED, fields=fields_)
    return found[name]


def _posted(payee: str, number: int) -> Response:
    answer = jsonify({"payee": payee, "number": number})
    answer.status_code = 201
    return answer
