"""A plan as a document, pasted or uploaded: checked, its effect looked at, then published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.core.refusals import flat
from incentives.errors import Invalid, Refused
from incentives.ingest.csv_reading import Unreadable
from incentives.ingest.plan_document import as_yaml, read_document
from incentives.operations.check_plan import PlanCheck, check_plan, checked_plan
from incentives.operations.preview_plan import PlanEffect, preview_plan
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.operations.read_plan import plan_called
from incentives.operations.starter_plan import starter_plan
from incentives.store.companies import the_company
from incentives.store.plans import StoredPlan
from incentives.web import field_errors, plan_page
from incentives.web.days import tomorrow
from incentives.web.plan_draft import fingerprint
from incentives.web.plan_effect import effect_view

blueprint = Blueprint("plan_documents", __name__)

SHOW, PUBLISH = "show", "publish"


@dataclass
class Pasted:
    """What was sent: the text as it is, and what goes with it."""

    text: str
    first_day: str
    note: str = ""
    seen: str = ""
    kept: Sequence[str] = ()

    @classmethod
    def sent(cls) -> "Pasted":
        form, file = request.form, request.files.get("file")
        text = form.get("document", "")
        if file and file.filename:
            text = str(file.read(), "utf-8", errors="replace")
        note = form.get("note", "").strip()
        kept = form.getlist("kept")
        return cls(text, form.get("first_day", ""), note, form.get("seen", ""), kept)


@blueprint.get("/plans/new/document")
@requires("manage_plans")
def new_plan() -> ResponseReturnValue:
    starter = as_yaml(starter_plan(the_company().currency))
    return _page(None, Pasted(starter, tomorrow(now()).isoformat()))


@blueprint.get("/plans/<slug>/document")
@requires("manage_plans")
def new(slug: str) -> ResponseReturnValue:
    plan = plan_called(slug)
    newest = as_yaml(plan.versions[-1].document)
    return _page(plan, Pasted(newest, tomorrow(now()).isoformat()))


@blueprint.post("/plans/new/document")
@requires("manage_plans")
def create_plan() -> ResponseReturnValue:
    return _take(None)


@blueprint.post("/plans/<slug>/document")
@requires("manage_plans")
def create(slug: str) -> ResponseReturnValue:
    return _take(plan_called(slug))


def _take(plan: StoredPlan | None) -> ResponseReturnValue:
    pasted, wish = Pasted.sent(), request.form.get("do")
    try:
        document = _read(pasted.text)
        if wish == SHOW:
            pasted.text = as_yaml(document)
            return _page(plan, pasted)
        first_day = _first_day(pasted.first_day)
        checked_plan(document)
        check = check_plan(document, now=now())
        looked_at = fingerprint(document, pasted.first_day)
        was_seen = plan is None or pasted.seen == looked_at
        if wish == PUBLISH and was_seen and not check.open_warnings(pasted.kept):
            return _publish(plan, document, first_day, pasted.note)
        effect = _effect(plan, document, first_day)
    except Refused as refusal:
        return _page(plan, pasted, refusal=refusal), 422
    pasted.seen = looked_at
    return _page(plan, pasted, check=check, effect=effect)


def _publish(
    plan: StoredPlan | None, document: dict[str, Any], first_day: date, note: str
) -> ResponseReturnValue:
    slug, number = publish_plan_version(
        document,
        first_day=first_day,
        slug=plan.slug if plan else None,
        note=note,
        by=signed_in().person_id,
        now=now(),
    )
    flash(f"Version {number} is published. It counts from {first_day:%Y-%m-%d}.")
    return redirect(url_for("plans.show", slug=slug))


def _effect(
    plan: StoredPlan | None, document: dict[str, Any], first_day: date
) -> PlanEffect | None:
    """What the document would change; nobody is on a new plan."""
    if plan is None:
        return None
    return preview_plan(plan.slug, document, first_day=first_day, now=now())


def _read(text: str) -> dict[str, Any]:
    try:
        return read_document(text)
    except Unreadable as error:
        sentence = str(error)
        raise Invalid("document", sentence, fields={"document": [sentence]}) from error


def _first_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        sentence = "Write the first day, such as 2026-12-01."
        raise Invalid("first_day", sentence, fields={"first_day": [sentence]}) from error


def _page(
    plan: StoredPlan | None,
    pasted: Pasted,
    *,
    refusal: Refused | None = None,
    check: PlanCheck | None = None,
    effect: PlanEffect | None = None,
) -> str:
    return render_template(
        "plans/document.html",
        plan=plan,
        pasted=pasted,
        problems=_problems(refusal) if refusal else [],
        warnings=check.warnings if check else [],
        was_checked=check is not None,
        effect=effect_view(effect) if effect else None,
        cards=plan_page.cards(check.plan) if check and check.plan else [],
    )


def _problems(refusal: Refused) -> list[tuple[str, str]]:
    if not refusal.fields:
        return [("", refusal.message)]
    return [(field_errors.in_words(path), text) for path, text in flat(refusal.fields)]
