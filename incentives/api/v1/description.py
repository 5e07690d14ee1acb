"""What the API offers, for programs (OpenAPI) and for people."""

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, jsonify, render_template
from flask_smorest import Api
from marshmallow import Schema, fields

from incentives.access import public
from incentives.api.v1.blueprints import make_blueprint
from incentives.problems import MEDIA_TYPE

blueprint = make_blueprint("description", "What there is.")


class ProblemErrorSchema(Schema):
    pointer = fields.String()
    field = fields.String()
    code = fields.String()
    message = fields.String()


class ProblemSchema(Schema):
    """An error by RFC 9457, sent as application/problem+json. `detail` says what to do."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    code = fields.String()
    errors = fields.List(fields.Nested(ProblemErrorSchema))


class DescribedApi(Api):
    """flask-smorest's, describing our errors and leaving the handling of pages' errors alone."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """The blueprints have their own; an app-wide one would answer pages with JSON."""


# What an address says about the kind of a part: <int:number> is read as <number>.
_CONVERTER = re.compile(r"<[^<>]+:(?:activity_)?")


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: str
    path: str
    summary: str
    scope: str


def document() -> dict[str, Any]:
    """The OpenAPI document of this application."""
    api: Api = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    described: dict[str, Any] = deepcopy(api.spec.to_dict())
    for answer in described["components"]["responses"].values():
        answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
    return described


def endpoints() -> list[Endpoint]:
    found = []
    for rule in current_app.url_map.iter_rules():
        view = current_app.view_functions[rule.endpoint]
        if not rule.rule.startswith("/api/v1/") or not hasattr(view, "scope"):
            continue
        summary = view.__dict__["_apidoc"]["manual_doc"]["summary"]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            path = _CONVERTER.sub("<", rule.rule)
            found.append(Endpoint(method, path, summary, view.__dict__["scope"]))
    return found


@blueprint.route("/openapi.json", methods=["GET"])
@blueprint.doc(summary="Describe the API", security=[])
@public
def openapi() -> Response:
    """This document."""
    return jsonify(document())


@blueprint.route("/", methods=["GET"])
@blueprint.doc(summary="Describe the API to people", security=[])
@public
def show() -> str:
    """A page that lists the endpoints."""
    return render_template("api/show.html", endpoints=endpoints())
