"""Whether the service is alive, and whether it is ready: for supervisors and monitors."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from incentives.access import public
from incentives.clock import now
from incentives.operations.check_readiness import check_readiness

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return jsonify(status="alive")


@blueprint.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    readiness = check_readiness(now=now())
    return jsonify(readiness.as_dict()), 200 if readiness.is_ready else 503
