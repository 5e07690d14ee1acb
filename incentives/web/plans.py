"""Plans: what they pay in plain words, their versions as documents, and who is on them."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, json, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import public, requires, signed_in
from incentives.clock import now
from incentives.core.plan_schema import json_schema
from incentives.errors import Invalid, NotFound
from incentives.ingest.plan_document import as_yaml, in_order
from incentives.operations.change_assignments import assign_payees, end_assignment
from incentives.operations.read_plan import PlanReading, read_plan_page, version_called
from incentives.store import people, plans
from incentives.store.companies import the_company
from incentives.web import plan_page
from incentives.web.forms import ids

blueprint = Blueprint("plans", __name__)


@blueprint.get("/plans")
@requires("see_plans")
def index() -> ResponseReturnValue:
    readings = [read_plan_page(plan.slug, now=now()) for plan in plans.all_plans()]
    return render_template("plans/index.html", readings=readings)


@blueprint.get("/plans/schema.json")
@public
def schema() -> ResponseReturnValue:
    """What a plan document may say, for editors and programs."""
    return Response(json.dumps(json_schema(), indent=2), content_type="application/schema+json")


@blueprint.get("/plans/<slug>")
@requires("see_plans")
def show(slug: str) -> ResponseReturnValue:
    return _page(slug, {}, {})


def _page(slug: str, typed: dict[str, Any], problems: Any) -> str:
    reading = read_plan_page(slug, now=now(), version=request.args.get("version", type=int))
    today = reading.today
    on_it = {a.payee_id for a in reading.assignments if a.end_day is None}
    return render_template(
        "plans/show.html",
        reading=reading,
        cards=[plan_page.component_card(said) for said in reading.components],
        curve=_curve(reading),
        zone=the_company().calendar.zone,
        others=[payee for payee in people.payees() if payee.id not in on_it],
        today=today,
        typed=typed,
        problems=problems,
    )


def _curve(reading: PlanReading) -> dict[str, Any] | None:
    plan = reading.shown.core.plan
    period = the_company().calendar.period_of(reading.today, "quarter").key
    on_it = [assignment.payee_id for assignment in reading.current_assignments]
    return plan_page.curve(plan, None, on_it, period)


@blueprint.get("/plans/<slug>/versions/<int:number>.yaml")
@requires("see_plans")
def as_yaml_file(slug: str, number: int) -> ResponseReturnValue:
    text = as_yaml(_document(slug, number))
    return _file(text, "application/yaml", f"{slug}-{number}.yaml")


@blueprint.get("/plans/<slug>/versions/<int:number>.json")
@requires("see_plans")
def as_json_file(slug: str, number: int) -> ResponseReturnValue:
    document = in_order(_document(slug, number))
    text = json.dumps(document, indent=2, ensure_ascii=False, sort_keys=False)
    return _file(text + "\n", "application/json", f"{slug}-{number}.json")


def _document(slug: str, number: int) -> dict[str, Any]:
    plan = plans.plan_by_slug(slug)
    if plan is None:
        raise NotFound("There is no such plan.")
    return version_called(plan, number).document


def _file(text: str, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type=f"{kind}; charset=utf-8", headers=headers)


@blueprint.post("/plans/<slug>/assignments")
@requires("manage_plans")
def assign(slug: str) -> ResponseReturnValue:
    payees = ids(request.form.getlist("payees"))
    try:
        first_day = _day("first_day")
        names = assign_payees(
            slug, payees, first_day=first_day, by=signed_in().person_id, now=now()
        )
    except Invalid as refusal:
        typed = {"payees": payees, "first_day": request.form.get("first_day", "")}
        return _page(slug, typed, refusal.fields), refusal.status
    flash(_assigned(names))
    return redirect(url_for("plans.show", slug=slug, _anchor="assignments"))


def _assigned(names: list[str]) -> str:
    if not names:
        return "They were on the plan already, so nothing changed."
    return f"{', '.join(names[:3])}{' and others' if len(names) > 3 else ''} assigned."


@blueprint.post("/plans/<slug>/assignments/<int:assignment_id>/end")
@requires("manage_plans")
def end(slug: str, assignment_id: int) -> ResponseReturnValue:
    try:
        end_day = _day("end_day")
        end_assignment(slug, assignment_id, end_day=end_day, by=signed_in().person_id, now=now())
    except Invalid as refusal:
        typed = {"ending": assignment_id, "end_day": request.form.get("end_day", "")}
        return _page(slug, typed, refusal.fields), refusal.status
    flash("The assignment ends on that day.")
    return redirect(url_for("plans.show", slug=slug, _anchor="assignments"))


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError as error:
        sentence = "Write a day, such as 2026-12-01."
        raise Invalid("day", sentence, fields={name: [sentence]}) from error
