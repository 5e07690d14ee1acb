"""Everything about one person, as it is drawn: its forms, and what they are filled from."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template

from incentives.access import ROLES
from incentives.clock import now
from incentives.errors import NotFound
from incentives.store import leave, people, teams
from incentives.store.companies import the_company
from incentives.store.people import Person
from incentives.web.forms import error_list
from incentives.web.meanwhile import stamp_of

LABELS = {
    "name": "Name",
    "email": "E-mail",
    "is_payee": "Earns",
    "team": "Team",
    "first_day": "First day",
    "role": "Role",
    "password": "Password",
    "on": "First day away",
    "end_day": "First day back",
}

Problems = Mapping[str, Sequence[str]]


def person_page(code: str, problems: Mapping[str, Problems], typed: Mapping[str, Any]) -> str:
    """Everything about one person; `problems` and what was `typed` by form, to be corrected."""
    person = person_called(code)
    today = the_company().calendar.day_of(now())
    login = person.login
    said = {
        **_said(person),
        "team": {"team": "", "first_day": today.isoformat()},
        "retire": {"on": today.isoformat()},
        "leave": {"first_day": "", "end_day": ""},
    }
    return render_template(
        "people/show.html",
        person=person,
        may_sign_in=login is not None and login.may_sign_in(now()),
        has_left=person.has_left(today),
        leaves=leave.leaves_of(person.id),
        memberships=list(reversed(teams.memberships_of(person.id))),
        values={**said, **typed},
        shown=stamps(person),
        problems=problems,
        errors={
            name: error_list(found, LABELS, name if name in ("login", "leave") else "field")
            for name, found in problems.items()
        },
        labels=LABELS,
        roles=list(ROLES.items()),
        role_names=ROLES,
        teams=[("", "Choose a team"), *team_choices()],
        today=today,
    )


def person_called(code: str) -> Person:
    """The person with this code. Raises NotFound."""
    person = people.person_by_code(code)
    if person is None:
        raise NotFound("There is nobody at this address.")
    return person


def _said(person: Person) -> dict[str, dict[str, Any]]:
    """What the forms that change what stands are filled from."""
    login = person.login
    return {
        "person": {
            "name": person.name,
            "email": person.email or "",
            "is_payee": person.is_payee,
        },
        "login": {
            "login_email": login.email if login else person.email or "",
            "role": login.role if login else "",
        },
    }


# The forms of the page that change what stands; the others add something.
CHANGE_WHAT_STANDS = ("person", "login")


def stamps(person: Person) -> dict[str, str]:
    """Of the forms that change what stands. Another password is a change as well, and so is a
    sign-in that was taken."""
    said, login = _said(person), person.login
    kept = (login.password_hash, login.disabled_at) if login else None
    return {"person": stamp_of(said["person"]), "login": stamp_of(said["login"], kept)}


def team_choices() -> list[tuple[str, str]]:
    """Teams by code, named with the office they are in."""
    return [
        (team.code, f"{team.name}, {team.parent.name}" if team.parent else team.name)
        for team in teams.all_teams()
        if team.retired_on is None
    ]
