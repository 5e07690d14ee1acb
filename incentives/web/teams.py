"""Teams: the list, a new one, and everything about one team."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from incentives.access import requires, signed_in
from incentives.clock import now
from incentives.errors import Invalid
from incentives.operations.change_teams import (
    COLOURS,
    bring_team_back,
    change_team,
    create_team,
    retire_team,
    set_manager,
)
from incentives.operations.read_teams import TeamReading, read_team, read_teams
from incentives.store import people, teams
from incentives.store.companies import the_company
from incentives.web.changes import make_change
from incentives.web.forms import day, error_list, text, whole
from incentives.web.meanwhile import stamp_of

blueprint = Blueprint("teams", __name__)

LABELS = {
    "name": "Name",
    "parent": "Inside",
    "colour": "Colour",
    "manager": "Manager",
    "first_day": "First day",
}
Problems = Mapping[str, Sequence[str]]


@blueprint.get("/teams")
@requires("manage_people")
def index() -> ResponseReturnValue:
    return render_template("teams/index.html", teams=read_teams(now=now()))


@blueprint.get("/teams/new")
@requires("manage_people")
def new() -> ResponseReturnValue:
    return _new_page({}, {"colour": "1"})


@blueprint.post("/teams/new")
@requires("manage_people")
def create() -> ResponseReturnValue:
    try:
        code = create_team(
            text("name"),
            parent=text("parent"),
            colour=whole("colour"),
            by=signed_in().person_id,
            now=now(),
        )
    except Invalid as error:
        return _new_page(error.fields, request.form), error.status
    flash(f"{text('name')} is made. Give it a manager.", "ok")
    return redirect(url_for("teams.show", code=code))


def _new_page(problems: Problems, typed: Mapping[str, Any]) -> str:
    return render_template(
        "teams/new.html",
        typed=typed,
        problems=problems,
        errors=error_list(problems, LABELS),
        labels=LABELS,
        parents=_parents(),
        colours=list(COLOURS),
    )


@blueprint.get("/teams/<code>")
@requires("manage_people")
def show(code: str) -> ResponseReturnValue:
    return _page(code, {}, {})


@blueprint.post("/teams/<code>")
@requires("manage_people")
def update(code: str) -> ResponseReturnValue:
    return _do(
        code,
        "Saved.",
        lambda by: change_team(
            code,
            name=text("name"),
            parent=text("parent"),
            colour=whole("colour"),
            by=by,
            now=now(),
        ),
        stands=lambda: stamp_of(_said(read_team(code, now=now()))),
    )


@blueprint.post("/teams/<code>/manager")
@requires("manage_people")
def create_manager(code: str) -> ResponseReturnValue:
    return _do(
        code,
        "The manager is set.",
        lambda by: set_manager(
            code, person=text("manager"), first_day=day("first_day"), by=by, now=now()
        ),
        form="manager",
    )


@blueprint.post("/teams/<code>/retirement")
@requires("manage_people")
def create_retirement(code: str) -> ResponseReturnValue:
    today = the_company().calendar.day_of(now())
    return _do(
        code,
        "Retired. Boards of the past keep it.",
        lambda by: retire_team(code, by=by, now=now(), today=today),
    )


@blueprint.post("/teams/<code>/return")
@requires("manage_people")
def delete_retirement(code: str) -> ResponseReturnValue:
    return _do(code, "The team is back.", lambda by: bring_team_back(code, by=by, now=now()))


def _do(
    code: str,
    done: str,
    change: Callable[[int], None],
    form: str = "team",
    stands: Callable[[], str] | None = None,
) -> ResponseReturnValue:
    """Make a change and show the team again, with what to write where it was refused."""
    return make_change(
        change,
        done=done,
        then=url_for("teams.show", code=code),
        correct=lambda error: _page(code, {form: error.fields}, {form: request.form}),
        stands=stands,
    )


def _page(code: str, problems: Mapping[str, Problems], typed: Mapping[str, Any]) -> str:
    team = read_team(code, now=now())
    said = {
        "team": _said(team),
        "manager": {"manager": "", "first_day": team.today.isoformat()},
    }
    return render_template(
        "teams/show.html",
        team=team,
        values={**said, **typed},
        shown=stamp_of(said["team"]),
        problems=problems,
        errors={name: error_list(found, LABELS) for name, found in problems.items()},
        labels=LABELS,
        parents=[choice for choice in _parents() if choice[0] != code],
        colours=list(COLOURS),
        managers=_managers(team.today),
    )


def _said(team: TeamReading) -> dict[str, Any]:
    """What the form of the team is filled from."""
    return {"name": team.name, "parent": team.parent_code or "", "colour": team.colour}


def _parents() -> list[tuple[str, str]]:
    found = [(team.code, team.name) for team in teams.all_teams() if team.retired_on is None]
    return [("", "No other team"), *found]


def _managers(today: date) -> list[tuple[str, str]]:
    """Those who sign in as managers first: they are the likely ones."""
    here = [person for person in people.everyone() if not person.has_left(today)]
    likely = [p for p in here if p.login is not None and p.login.role == "manager"]
    others = [p for p in here if p not in likely]
    return [("", "Choose a person"), *((p.code, p.name) for p in [*likely, *others])]
