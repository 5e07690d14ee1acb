"""Plans: what they pay in plain words, their versions as documents, and who is on them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, json, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import public, requires, signed_in
from incentives.clock import now
from incentives.core.plan_schema import json_schema
from incentives.errors import Invalid, Refused
from incentives.ingest.plan_document import as_yaml, in_order
from incentives.operations.change_assignments import assign_payees, change_assignment
from incentives.operations.read_plan import plan_called, read_plan_page, version_called
from incentives.operations.retire_plan import restore_plan, retire_plan
from incentives.store import people, plans
from incentives.store.companies import the_company
from incentives.web import plan_curve, plan_page
from incentives.web.forms import ids

blueprint = Blueprint("plans", __name__)


@blueprint.get("/plans")
@requires("see_plans")
def index() -> ResponseReturnValue:
    readings = [read_plan_page(plan.slug, now=now()) for plan in plans.all_plans()]
    in_use = sorted(readings, key=lambda reading: reading.plan.retired_at is not None)
    return render_template("plans/index.html", readings=in_use)


@blueprint.get("/plans/schema.json")
@public
def schema() -> ResponseReturnValue:
    """What a plan document may say, for editors and programs."""
    return Response(json.dumps(json_schema(), indent=2), content_type="application/schema+json")


@blueprint.get("/plans/<slug>")
@requires("see_plans")
def show(slug: str) -> ResponseReturnValue:
    return _page(slug)


def _page(slug: str, typed: Mapping[str, Any] | None = None, problems: Any = None) -> str:
    """`typed` and `problems` are what was sent and what to write instead, by field."""
    reading = read_plan_page(slug, now=now(), version=request.args.get("version", type=int))
    plan, company = reading.shown.core.plan, the_company()
    on_it = {a.payee_id for a in reading.assignments if a.end_day is None}
    current = [assignment.payee_id for assignment in reading.current_assignments]
    drawn = plan_curve.curves(plan, None, current, company.calendar, reading.today)
    return render_template(
        "plans/show.html",
        reading=reading,
        cards=plan_page.cards(plan, drawn),
        terms=plan_page.terms(plan),
        needs_target=any(each.component.sum.needs_target for each in reading.components),
        zone=company.calendar.zone,
        others=[payee for payee in people.payees() if payee.id not in on_it],
        today=reading.today,
        typed=typed or {},
        problems=problems or {},
    )


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
    return version_called(plan_called(slug), number).document


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
    except Refused as refusal:
        typed = {"payees": payees, "first_day": request.form.get("first_day", "")}
        return _page(slug, typed, _fields(refusal, "payees")), refusal.status
    flash(_assigned(names))
    return redirect(url_for("plans.show", slug=slug, _anchor="assignments"))


def _assigned(names: list[str]) -> str:
    if not names:
        return "They were on the plan already, so nothing changed."
    return f"{', '.join(names[:3])}{' and others' if len(names) > 3 else ''} assigned."


@blueprint.post("/plans/<slug>/assignments/<int:assignment_id>")
@requires("manage_plans")
def change(slug: str, assignment_id: int) -> ResponseReturnValue:
    try:
        first_day = _day("first_day")
        end_day = _day("end_day") if request.form.get("end_day") else None
        change_assignment(
            slug,
            assignment_id,
            first_day=first_day,
            end_day=end_day,
            by=signed_in().person_id,
            now=now(),
        )
    except Invalid as refusal:
        typed = {**request.form.to_dict(), "changing": assignment_id}
        return _page(slug, typed, refusal.fields), refusal.status
    flash("The days on the plan are changed. Earnings follow.")
    return redirect(url_for("plans.show", slug=slug, _anchor="assignments"))


@blueprint.post("/plans/<slug>/retirement")
@requires("manage_plans")
def retire(slug: str) -> ResponseReturnValue:
    try:
        end_day = _day("end_day")
        ended = retire_plan(slug, end_day=end_day, by=signed_in().person_id, now=now())
    except Refused as refusal:
        typed = {**request.form.to_dict(), "retiring": True}
        return _page(slug, typed, _fields(refusal, "end_day")), refusal.status
    flash(f"The plan is retired. {ended} {'person is' if ended == 1 else 'people are'} off it.")
    return redirect(url_for("plans.show", slug=slug))


@blueprint.post("/plans/<slug>/retirement/end")
@requires("manage_plans")
def restore(slug: str) -> ResponseReturnValue:
    restore_plan(slug, by=signed_in().person_id, now=now())
    flash("The plan is back. Put people on it again.")
    return redirect(url_for("plans.show", slug=slug))


def _fields(refusal: Refused, name: str) -> dict[str, Any]:
    """What to write instead; a refusal about no field in particular stands at `name`."""
    return refusal.fields or {name: [refusal.message]}


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError as error:
        sentence = "Write a day, such as 2026-12-01."
        raise Invalid("day", sentence, fields={name: [sentence]}) from error
