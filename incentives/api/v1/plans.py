"""Plans as documents: listed, read, checked, and published as a new version."""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, url_for
from marshmallow import Schema, fields, validate

from incentives.api.v1.activity_schema import MISSING, Strict, Text
from incentives.api.v1.at_most_once import at_most_once
from incentives.api.v1.blueprints import make_blueprint
from incentives.api.v1.body import takes
from incentives.api.v1.keys import needs_scope
from incentives.api.v1.loading import loaded
from incentives.clock import now
from incentives.core.describe import describe_plan, plan_hash
from incentives.core.refusals import flat
from incentives.errors import Invalid, Refused
from incentives.operations.check_plan import PlanCheck, check_plan, checked_plan
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.operations.read_plan import plan_called, version_called
from incentives.store import plans
from incentives.store.audit import API
from incentives.store.plans import StoredPlan, StoredPlanVersion

blueprint = make_blueprint("plans", "What people earn, by which rule, since when.")

_ABOUT_DOCUMENTS = "A plan document by the schema at /plans/schema.json."
_DAY: dict[str, Any] = {"required": MISSING, "invalid": "Write a day, such as 2026-12-01."}


class VersionSchema(Schema):
    """Counts `from` a day on, until a later one does. `hash` is over document and text."""

    version = fields.Integer(attribute="number")
    first_day = fields.Date(data_key="from")
    hash = fields.String(attribute="document_hash")
    note = fields.String()


class PlanSummarySchema(Schema):
    slug = fields.String()
    name = fields.String()
    is_retired = fields.Boolean()
    versions = fields.List(fields.Nested(VersionSchema))


class PlanVersionSchema(VersionSchema):
    """One version with its document and what it says in plain words."""

    slug = fields.String()
    document = fields.Dict(metadata={"description": _ABOUT_DOCUMENTS})
    text = fields.List(fields.String())


class FindingSchema(Schema):
    """`severity` is error or warning; `path` leads to the field: components[1].rule.tiers."""

    severity = fields.String()
    path = fields.String()
    sentence = fields.String(data_key="message")


class CheckSchema(Schema):
    """What is refused and what may not be meant; `text` is the plan in plain words, if it can be
    read."""

    can_be_published = fields.Boolean()
    findings = fields.List(fields.Nested(FindingSchema))
    text = fields.List(fields.String())


class DocumentSchema(Strict):
    """A document to be checked."""

    document = fields.Dict(
        required=True,
        error_messages={"required": MISSING, "invalid": "Write an object."},
        metadata={"description": _ABOUT_DOCUMENTS},
    )


class NewVersionSchema(Strict):
    """A document to be put in force `from` a day on. Each warning that is meant so stands in
    `confirmed_warnings`, word for word."""

    document = fields.Dict(
        required=True,
        error_messages={"required": MISSING, "invalid": "Write an object."},
        metadata={"description": _ABOUT_DOCUMENTS},
    )
    first_day = fields.Date(data_key="from", required=True, format="%Y-%m-%d", error_messages=_DAY)
    note = Text(load_default="", validate=validate.Length(max=400))
    confirmed_warnings = fields.List(fields.String(), load_default=list)


class PublishedSchema(Schema):
    slug = fields.String()
    version = fields.Integer()
    hash = fields.String()


@blueprint.route("/plans", methods=["GET"])
@blueprint.doc(summary="List plans")
@blueprint.response(200, PlanSummarySchema(many=True))
@needs_scope("plans:read")
def index() -> list[dict[str, Any]]:
    """Every plan with its versions, oldest first."""
    return [_summary(plan) for plan in plans.all_plans()]


@blueprint.route("/plans/<slug>/versions/<int:number>", methods=["GET"])
@blueprint.doc(summary="Read a version of a plan")
@blueprint.response(200, PlanVersionSchema)
@needs_scope("plans:read")
def show(slug: str, number: int) -> dict[str, Any]:
    """The document of a version, and what it says in plain words."""
    plan = plan_called(slug)
    return _version(plan, version_called(plan, number))


@blueprint.route("/plans/check", methods=["POST"])
@blueprint.doc(
    summary="Check a plan document",
    description="Says what is refused and what may not be meant. Nothing is stored.",
    requestBody=takes(DocumentSchema),
)
@blueprint.response(200, CheckSchema)
@needs_scope("plans:read")
def check() -> dict[str, Any]:
    said = loaded(DocumentSchema(), code="plan", refusal="Nothing was published.")
    found = check_plan(said["document"], now=now())
    return {
        "can_be_published": found.plan is not None,
        "findings": found.findings,
        "text": describe_plan(found.plan) if found.plan else [],
    }


@blueprint.route("/plans", methods=["POST"])
@blueprint.doc(
    summary="Publish a new plan",
    description="The first version of a plan. Nobody is on it yet.",
    requestBody=takes(NewVersionSchema),
)
@at_most_once
@blueprint.response(201, PublishedSchema)
@needs_scope("plans:write")
def create() -> Response:
    return _publish(None)


@blueprint.route("/plans/<slug>/versions", methods=["POST"])
@blueprint.doc(
    summary="Publish a version of a plan",
    description="Everybody on the plan is calculated anew, from the version's first day on.",
    requestBody=takes(NewVersionSchema),
)
@at_most_once
@blueprint.response(201, PublishedSchema)
@needs_scope("plans:write")
def create_version(slug: str) -> Response:
    return _publish(plan_called(slug))


def _publish(plan: StoredPlan | None) -> Response:
    said = loaded(NewVersionSchema(), code="plan", refusal="Nothing was published.")
    document, slug = said["document"], plan.slug if plan else None
    try:
        checked_plan(document)
    except Invalid as error:
        raise Invalid(error.code, error.message, fields=_by_path(error.fields)) from error
    _refuse_open_warnings(check_plan(document, now=now()), said["confirmed_warnings"])
    slug, number = publish_plan_version(
        document,
        first_day=said["first_day"],
        slug=slug,
        note=said["note"],
        by=None,
        now=now(),
        via=API,
    )
    answer = jsonify({"slug": slug, "version": number, "hash": plan_hash(document)})
    answer.status_code = 201
    answer.headers["Location"] = url_for("api_plans.show", slug=slug, number=number)
    return answer


def _refuse_open_warnings(check: PlanCheck, confirmed: list[str]) -> None:
    warnings = [finding.sentence for finding in check.open_warnings(confirmed)]
    if warnings:
        raise Refused(
            "warnings_open",
            "Change what is warned of, or name each warning in confirmed_warnings.",
            fields={"confirmed_warnings": warnings},
        )


def _by_path(messages: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is refused of a document, by the way to the field in the body."""
    found: dict[str, list[str]] = {}
    for path, sentence in flat(messages):
        found.setdefault(".".join(map(str, ("document", *path))), []).append(sentence)
    return found


def _summary(plan: StoredPlan) -> dict[str, Any]:
    return {
        "slug": plan.slug,
        "name": plan.name,
        "is_retired": plan.retired_at is not None,
        "versions": plan.versions,
    }


def _version(plan: StoredPlan, version: StoredPlanVersion) -> dict[str, Any]:
    return {
        "slug": plan.slug,
        "number": version.number,
        "first_day": version.first_day,
        "document_hash": version.document_hash,
        "note": version.note,
        "document": version.document,
        "text": describe_plan(version.core.plan),
    }
