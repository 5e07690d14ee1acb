"""A new version of a plan, or a new plan: written in a form, its effect looked at, published."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.errors import Refused
from incentives.operations.check_plan import PlanCheck, check_plan
from incentives.operations.preview_plan import PlanEffect, preview_plan
from incentives.operations.publish_plan_version import publish_plan_version
from incentives.operations.read_plan import plan_called
from incentives.operations.starter_plan import empty_plan, starter_plan
from incentives.store.companies import the_company
from incentives.store.plans import StoredPlan
from incentives.web import hx, plan_editor, plan_page
from incentives.web.days import today, tomorrow
from incentives.web.plan_draft import TERMS, PlanDraft
from incentives.web.plan_effect import effect_view

blueprint = Blueprint("plan_versions", __name__)

PREVIEW, PUBLISH = "preview", "publish"


@blueprint.get("/plans/<slug>/versions/new")
@requires("manage_plans")
def new(slug: str) -> ResponseReturnValue:
    plan = plan_called(slug)
    newest = plan.versions[-1]
    return _start(plan, PlanDraft(newest.document, "0", newest.number))


@blueprint.get("/plans/new")
@requires("manage_plans")
def new_plan() -> ResponseReturnValue:
    currency = the_company().currency
    if request.args.get("start") == "example":
        return _start(None, PlanDraft(starter_plan(currency), TERMS))
    return _start(None, PlanDraft(empty_plan(currency), TERMS))


@blueprint.post("/plans/<slug>/versions")
@requires("manage_plans")
def create(slug: str) -> ResponseReturnValue:
    return _go_on(plan_called(slug))


@blueprint.post("/plans")
@requires("manage_plans")
def create_plan() -> ResponseReturnValue:
    return _go_on(None)


def _start(plan: StoredPlan | None, draft: PlanDraft) -> str:
    draft.first_day = tomorrow(now()).isoformat()
    return _editor(plan, draft, _check(draft))


def _go_on(plan: StoredPlan | None) -> ResponseReturnValue:
    """Publish what has been looked at; show the effect of anything else that can be read."""
    draft = PlanDraft.sent(request.form, today(now()))
    wish = request.form.get("do", "")
    check = _check(draft)
    if wish not in (PREVIEW, PUBLISH):
        return _editor(plan, draft, check)
    problems = _problems(plan, draft, check)
    if problems:
        return _refused(plan, draft, check, problems)
    first_day = date.fromisoformat(draft.first_day)
    was_seen = plan is None or draft.seen == draft.fingerprint
    try:
        if wish == PUBLISH and was_seen and not check.open_warnings(draft.kept):
            return _publish(plan, draft, first_day)
        effect = _effect(plan, draft, first_day)
    except Refused as refusal:
        return _refused(plan, draft, check, {"first_day": [refusal.message]})
    draft.seen = draft.fingerprint
    return _editor(plan, draft, check, effect=effect, changed=wish == PUBLISH and not was_seen)


def _publish(plan: StoredPlan | None, draft: PlanDraft, first_day: date) -> ResponseReturnValue:
    """Put a draft in force and show the plan."""
    slug, number = publish_plan_version(
        draft.document,
        first_day=first_day,
        slug=plan.slug if plan else None,
        note=draft.note,
        by=signed_in().person_id,
        now=now(),
    )
    flash(f"Version {number} is published. It counts from {first_day:%Y-%m-%d}.")
    return redirect(url_for("plans.show", slug=slug))


def _effect(plan: StoredPlan | None, draft: PlanDraft, first_day: date) -> PlanEffect | None:
    """What the draft would change; nobody is on a new plan."""
    if plan is None:
        return None
    return preview_plan(plan.slug, draft.document, first_day=first_day, now=now())


def _problems(plan: StoredPlan | None, draft: PlanDraft, check: PlanCheck) -> dict[str, list[str]]:
    problems = plan_editor.problems(check)
    try:
        date.fromisoformat(draft.first_day)
    except ValueError:
        problems["first_day"] = ["Write the first day, such as 2026-12-01."]
    if plan is not None and draft.base != plan.versions[-1].number:
        sentence = f"Version {plan.versions[-1].number} was published meanwhile."
        problems["first_day"] = [f"{sentence} Open this page anew."]
    return problems


def _refused(
    plan: StoredPlan | None,
    draft: PlanDraft,
    check: PlanCheck,
    problems: Mapping[str, Sequence[str]],
) -> ResponseReturnValue:
    draft.refuse(problems)
    return _editor(plan, draft, check, errors=plan_editor.error_list(draft, problems)), 422


def _editor(
    plan: StoredPlan | None,
    draft: PlanDraft,
    check: PlanCheck,
    *,
    errors: Sequence[tuple[str, str, str]] = (),
    effect: PlanEffect | None = None,
    changed: bool = False,
) -> str:
    template = "plans/_editor.html" if hx.wants_fragment() else "plans/edit.html"
    return render_template(
        template,
        plan=plan,
        newest=plan.versions[-1] if plan else None,
        draft=draft,
        check=check,
        sections=plan_editor.sections(draft, check),
        rail=plan_editor.rail(draft, check),
        kinds=plan_page.kinds(),
        errors=errors,
        unwritten=plan_editor.error_list(draft, plan_editor.problems(check)),
        effect=effect_view(effect) if effect else None,
        changed=changed,
        action=url_for("plan_versions.create", slug=plan.slug)
        if plan
        else url_for("plan_versions.create_plan"),
        words=plan_editor.words(draft, check.plan, plan, today(now())),
    )


def _check(draft: PlanDraft) -> PlanCheck:
    return check_plan(draft.document, now=now())
