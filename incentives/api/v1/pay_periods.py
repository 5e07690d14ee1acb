"""Pay periods: which months are locked, and locking one."""

from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, fields, validate

from incentives.api.v1.activity_schema import Strict, Text
from incentives.api.v1.at_most_once import at_most_once
from incentives.api.v1.blueprints import make_blueprint
from incentives.api.v1.body import takes
from incentives.api.v1.keys import needs_scope
from incentives.api.v1.loading import loaded
from incentives.clock import now
from incentives.operations.lock_period import LONGEST_NOTE, lock_period
from incentives.operations.pay_months import PayMonth, read_pay_months
from incentives.store.audit import API

blueprint = make_blueprint("pay_periods", "Months of pay, open and locked.")


class PayPeriodSchema(Schema):
    """A month of pay from its first to its last day. `state` is open or locked; `may_be_locked`
    says that it has ended and is the next in line."""

    period = fields.String()
    first_day = fields.Date()
    last_day = fields.Date()
    state = fields.String()
    may_be_locked = fields.Boolean()
    locked_at = fields.DateTime(allow_none=True)
    locked_by = fields.String(allow_none=True)
    note = fields.String()


class LockSchema(Strict):
    """A lock of the month `period`, for good."""

    period = Text(required=True, metadata={"description": "A month, such as 2026-10."})
    note = Text(
        load_default="",
        validate=validate.Length(max=LONGEST_NOTE, error=f"At most {LONGEST_NOTE} characters."),
    )


@blueprint.route("/pay-periods", methods=["GET"])
@blueprint.doc(summary="List months of pay")
@blueprint.response(200, PayPeriodSchema(many=True))
@needs_scope("pay_periods:read")
def index() -> list[dict[str, Any]]:
    """The months from the first with pay to the current one, the newest first."""
    return [_said(month) for month in read_pay_months(now=now())]


@blueprint.route("/pay-periods", methods=["POST"])
@blueprint.doc(
    summary="Lock a month of pay",
    description="With every pay period that ends in it. Nothing unlocks it.",
    requestBody=takes(LockSchema),
)
@at_most_once
@blueprint.response(201, PayPeriodSchema)
@needs_scope("pay_periods:lock")
def create() -> Response:
    said = loaded(LockSchema(), code="lock", refusal="The month was not locked.")
    lock_period(said["period"], note=said["note"], by=None, now=now(), via=API)
    months = {month.period.key: month for month in read_pay_months(now=now())}
    answer = jsonify(PayPeriodSchema().dump(_said(months[said["period"]])))
    answer.status_code = 201
    return answer


def _said(month: PayMonth) -> dict[str, Any]:
    lock = month.lock
    return {
        "period": month.period.key,
        "first_day": month.period.first_day,
        "last_day": month.period.last_day,
        "state": "locked" if lock else "open",
        "may_be_locked": month.is_next and month.has_ended,
        "locked_at": lock.locked_at if lock else None,
        "locked_by": lock.person.name if lock and lock.person else None,
        "note": lock.note if lock else "",
    }
