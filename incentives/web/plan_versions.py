"""A new version of a plan, or a new plan: typed or pasted, its effect looked at, then published."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.core.plans import Plan, document_hash, read_plan
from incentives.core.refusals import flat
from incentives.errors import Invalid, NotFound, Refused
from incentives.ingest.csv_reading import Unreadable
from incentives.ingest.plan_document import as_yaml, read_document
from incentives.operations.preview_plan import (
    PlanEffect,
    checked_plan,
    preview_plan,
    warnings_of,
)
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.operations.starter_plan import starter_plan
from incentives.store import products
from incentives.store.companies import the_company
from incentives.store.plans import StoredPlan, StoredPlanVersion, assignments_of_plan, plan_by_slug
from incentives.web import field_errors, plan_page
from incentives.web.plan_form import PlanForm

blueprint = Blueprint("plan_versions", __name__)

PUBLISH = "publish"


@blueprint.get("/plans/<slug>/versions/new")
@requires("manage_plans")
def new(slug: str) -> ResponseReturnValue:
    plan = _plan(slug)
    listed = [product.name for product in products.all_products()]
    return _form(plan, PlanForm.of(plan.versions[-1], listed, _tomorrow()), {}, None)


@blueprint.post("/plans/<slug>/versions")
@requires("manage_plans")
def create(slug: str) -> ResponseReturnValue:
    plan = _plan(slug)
    newest = plan.versions[-1]
    form = PlanForm.sent(newest, request.form)
    wish = request.form.get("do", "")
    document, first_day, problems = form.read()
    if form.base != newest.number:
        sentence = f"Version {newest.number} was published meanwhile. Open this page anew."
        problems["first_day"] = [sentence]
    if ":" in wish:
        return _form(plan, form, {}, None)
    if problems or first_day is None:
        return _form(plan, form, problems, None), 422
    try:
        return _go_on(plan, form, document, first_day, wish)
    except Refused as refusal:
        return _form(plan, form, _by_field(refusal), None), 422


def _go_on(
    plan: StoredPlan, form: PlanForm, document: dict[str, Any], first_day: date, wish: str
) -> ResponseReturnValue:
    """Publish what has been looked at; show the effect of anything else."""
    fingerprint = _fingerprint(document, first_day)
    if wish == PUBLISH and form.seen == fingerprint:
        return _publish(plan, document, first_day, form.note)
    effect = preview_plan(plan.slug, document, first_day=first_day, now=now())
    form.seen = fingerprint
    return _form(plan, form, {}, effect, changed=wish == PUBLISH)


def _publish(
    plan: StoredPlan, document: dict[str, Any], first_day: date, note: str
) -> ResponseReturnValue:
    slug, number = publish_plan_version(
        document,
        first_day=first_day,
        slug=plan.slug,
        note=note,
        by=signed_in().person_id,
        now=now(),
    )
    flash(f"Version {number} is published. It counts from {first_day:%Y-%m-%d}.")
    return redirect(url_for("plans.show", slug=slug))


def _form(
    plan: StoredPlan,
    form: PlanForm,
    problems: Mapping[str, Any],
    effect: PlanEffect | None,
    *,
    changed: bool = False,
) -> str:
    newest = plan.versions[-1]
    draft = effect.plan if effect else _readable(form)
    return render_template(
        "plans/edit.html",
        plan=plan,
        newest=newest,
        form=form,
        components=newest.core.plan.components,
        cards=plan_page.cards(draft or newest.core.plan),
        warnings=warnings_of(draft) if draft else [],
        curve=_curve(draft or newest.core.plan, newest, plan),
        problems=problems,
        errors=_errors(newest, problems),
        effect=plan_page.effect_view(effect) if effect else None,
        changed=changed,
    )


def _readable(form: PlanForm) -> Plan | None:
    """The draft as far as typed; None while it cannot be read."""
    document, _, problems = form.read()
    if problems:
        return None
    try:
        return read_plan(document)
    except ValidationError:
        return None


def _curve(draft: Plan, newest: StoredPlanVersion, plan: StoredPlan) -> dict[str, Any] | None:
    calendar = the_company().calendar
    period = calendar.period_of(calendar.day_of(now()), "quarter").key
    on_it = [assignment.payee_id for assignment in assignments_of_plan(plan.id)]
    return plan_page.curve(draft, newest.core.plan, on_it, period)


def _errors(newest: StoredPlanVersion, problems: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(field id, what it is, sentence): a tier is named by its component and number."""
    found = []
    for name, sentences in problems.items():
        parts = name.split("-")
        label = name.replace("_", " ").capitalize()
        if parts[0][1:].isdigit():
            component = newest.core.plan.components[int(parts[0][1:])]
            what = {"up_to": "tier", "rate": "rate of tier"}.get(parts[1], parts[1])
            number = f" {parts[2]}" if len(parts) > 2 else ""
            label = f"{component.name}, {what.replace('_', ' ')}{number}"
        found.append((f"field-{name}", label, sentences[0]))
    return found


def _by_field(refusal: Refused) -> dict[str, list[str]]:
    if not refusal.fields:
        return {"first_day": [refusal.message]}
    listed = flat(refusal.fields)
    return {"first_day": [f"{field_errors.in_words(path)}: {text}" for path, text in listed]}


@blueprint.get("/plans/<slug>/document")
@requires("manage_plans")
def document(slug: str) -> ResponseReturnValue:
    plan = _plan(slug)
    return _document_page(plan, as_yaml(plan.versions[-1].document), _tomorrow().isoformat())


@blueprint.get("/plans/new")
@requires("manage_plans")
def new_plan() -> ResponseReturnValue:
    starter = as_yaml(starter_plan(the_company().currency))
    return _document_page(None, starter, _tomorrow().isoformat())


@blueprint.post("/plans")
@requires("manage_plans")
def create_plan() -> ResponseReturnValue:
    return _take_document(None)


@blueprint.post("/plans/<slug>/document")
@requires("manage_plans")
def take_document(slug: str) -> ResponseReturnValue:
    return _take_document(_plan(slug))


def _take_document(plan: StoredPlan | None) -> ResponseReturnValue:
    text, first, note = (
        _sent_text(),
        request.form.get("first_day", ""),
        request.form.get("note", ""),
    )
    try:
        read, first_day = _read(text), _first_day(first)
        checked_plan(read)
        fingerprint = _fingerprint(read, first_day)
        seen = request.form.get("seen") == fingerprint
        if plan is None or (seen and request.form.get("do") == PUBLISH):
            return _publish_document(plan, read, first_day, note)
        effect = preview_plan(plan.slug, read, first_day=first_day, now=now())
    except Refused as refusal:
        return _document_page(plan, text, first, note, refusal), 422
    return _document_page(plan, text, first, note, effect=effect, seen=fingerprint)


def _publish_document(
    plan: StoredPlan | None, read: dict[str, Any], first_day: date, note: str
) -> ResponseReturnValue:
    slug, number = publish_plan_version(
        read,
        first_day=first_day,
        slug=plan.slug if plan else None,
        note=note.strip(),
        by=signed_in().person_id,
        now=now(),
    )
    flash(f"Version {number} is published. It counts from {first_day:%Y-%m-%d}.")
    return redirect(url_for("plans.show", slug=slug))


def _sent_text() -> str:
    """The chosen file, or else what is pasted."""
    file = request.files.get("file")
    if file and file.filename:
        return str(file.read(), "utf-8", errors="replace")
    return request.form.get("document", "")


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


def _document_page(
    plan: StoredPlan | None,
    text: str,
    first_day: str,
    note: str = "",
    refusal: Refused | None = None,
    *,
    effect: PlanEffect | None = None,
    seen: str = "",
) -> str:
    problems = _document_problems(refusal) if refusal else []
    return render_template(
        "plans/document.html",
        plan=plan,
        text=text,
        first_day=first_day,
        note=note,
        problems=problems,
        effect=plan_page.effect_view(effect) if effect else None,
        cards=plan_page.cards(effect.plan) if effect else [],
        seen=seen,
    )


def _document_problems(refusal: Refused) -> list[tuple[str, str]]:
    if not refusal.fields:
        return [("", refusal.message)]
    return [(field_errors.in_words(path), text) for path, text in flat(refusal.fields)]


def _plan(slug: str) -> StoredPlan:
    plan = plan_by_slug(slug)
    if plan is None:
        raise NotFound("There is no such plan.")
    return plan


def _tomorrow() -> date:
    return the_company().calendar.day_of(now()) + timedelta(days=1)


def _fingerprint(document: Mapping[str, Any], first_day: date) -> str:
    """What has been looked at: the same again may be published."""
    return document_hash({"document": document, "first_day": first_day.isoformat()})
