"""People: the list, a new one, and everything about one person."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import ROLES, requires, signed_in
from incentives.clock import now
from incentives.errors import Invalid
from incentives.operations.administer_people import (
    bring_back,
    change_person,
    create_person,
    give_sign_in,
    move_person,
    retire,
    take_sign_in,
)
from incentives.operations.read_people import ACTIVE, EVERYBODY, NO_SIGN_IN, RETIRED, read_people
from incentives.store.companies import the_company
from incentives.web.changes import make_change
from incentives.web.forms import day, error_list, text
from incentives.web.person_page import (
    CHANGE_WHAT_STANDS,
    LABELS,
    Problems,
    person_called,
    person_page,
    stamps,
    team_choices,
)

blueprint = Blueprint("people", __name__)

PAGE = 100
STATES = [(ACTIVE, "Here"), (RETIRED, "Retired"), (EVERYBODY, "Everybody")]


@blueprint.get("/people")
@requires("manage_people")
def index() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "") for name in ("q", "role", "team")}
    state = request.args.get("state", ACTIVE)
    offset = request.args.get("offset", 0, type=int)
    page = read_people(
        words=asked["q"],
        role=asked["role"],
        team=asked["team"],
        state=state,
        offset=max(0, offset),
        limit=PAGE,
        now=now(),
    )
    return render_template(
        "people/index.html",
        page=page,
        asked={**asked, "state": state},
        offset=offset,
        next_offset=offset + PAGE if offset + PAGE < page.found else None,
        previous_offset=max(0, offset - PAGE) if offset else None,
        roles=[("", "Every role"), *ROLES.items(), (NO_SIGN_IN, "No sign-in")],
        role_names=ROLES,
        teams=[("", "Every team"), *team_choices()],
        states=STATES,
    )


@blueprint.get("/people/new")
@requires("manage_people")
def new() -> ResponseReturnValue:
    return _new_page({}, {})


@blueprint.post("/people/new")
@requires("manage_people")
def create() -> ResponseReturnValue:
    try:
        code = create_person(
            text("name"),
            email=text("email"),
            is_payee=bool(text("is_payee")),
            team=text("team"),
            first_day=day("first_day"),
            by=signed_in().person_id,
            now=now(),
        )
    except Invalid as error:
        return _new_page(error.fields, request.form), error.status
    flash(f"{text('name')} is added.", "ok")
    return redirect(url_for("people.show", code=code))


def _new_page(problems: Problems, typed: Mapping[str, Any]) -> str:
    today = the_company().calendar.day_of(now())
    return render_template(
        "people/new.html",
        typed=typed or {"is_payee": "1", "first_day": today.isoformat()},
        problems=problems,
        errors=error_list(problems, LABELS),
        labels=LABELS,
        teams=[("", "No team yet"), *team_choices()],
    )


@blueprint.get("/people/<code>")
@requires("manage_people")
def show(code: str) -> ResponseReturnValue:
    return person_page(code, {}, {})


@blueprint.post("/people/<code>")
@requires("manage_people")
def update(code: str) -> ResponseReturnValue:
    return _do(
        code,
        "Saved.",
        lambda by: change_person(
            code,
            name=text("name"),
            email=text("email"),
            is_payee=bool(text("is_payee")),
            by=by,
            now=now(),
        ),
        form="person",
    )


@blueprint.post("/people/<code>/sign-in")
@requires("manage_people")
def create_sign_in(code: str) -> ResponseReturnValue:
    return _do(
        code,
        "The sign-in is saved. Open browsers are signed out.",
        lambda by: give_sign_in(
            code,
            email=text("login_email"),
            role=text("role"),
            password=request.form.get("password", ""),
            by=by,
            now=now(),
        ),
        form="login",
    )


@blueprint.post("/people/<code>/sign-in/end")
@requires("manage_people")
def delete_sign_in(code: str) -> ResponseReturnValue:
    return _do(code, "Signed out everywhere.", lambda by: take_sign_in(code, by=by, now=now()))


@blueprint.post("/people/<code>/team")
@requires("manage_people")
def create_membership(code: str) -> ResponseReturnValue:
    return _do(
        code,
        "Moved.",
        lambda by: move_person(
            code, team=text("team"), first_day=day("first_day"), by=by, now=now()
        ),
        form="team",
    )


@blueprint.post("/people/<code>/retirement")
@requires("manage_people")
def create_retirement(code: str) -> ResponseReturnValue:
    return _do(
        code,
        "Retired. What was earned stays.",
        lambda by: retire(code, on=day("on"), by=by, now=now()),
        form="retire",
    )


@blueprint.post("/people/<code>/return")
@requires("manage_people")
def delete_retirement(code: str) -> ResponseReturnValue:
    return _do(
        code,
        "Back. Give a team and a sign-in where they are needed.",
        lambda by: bring_back(code, by=by, now=now()),
    )


def _do(code: str, done: str, change: Callable[[int], None], form: str = "") -> ResponseReturnValue:
    """Make a change and show the person again, with what to write where it was refused."""
    return make_change(
        change,
        done=done,
        then=url_for("people.show", code=code),
        correct=lambda error: person_page(code, {form: error.fields}, {form: request.form}),
        stands=(lambda: stamps(person_called(code))[form]) if form in CHANGE_WHAT_STANDS else None,
        told_at="email" if form == "login" else "name",
    )
