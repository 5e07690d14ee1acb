"""Teams: made, renamed, coloured, put inside another, given a manager, retired."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from incentives.errors import Invalid, NotFound, Refused
from incentives.operations.change_people import add_team, join_team
from incentives.operations.mark_behind import teams_changing
from incentives.queue import ask_for_refresh
from incentives.store.audit import record
from incentives.store.companies import keep_people_as_they_are, the_company
from incentives.store.markers import mark_stale
from incentives.store.people import Person
from incentives.store.teams import (
    MANAGER,
    MEMBER,
    Membership,
    Team,
    people_in,
    team_by_code,
    team_members,
    with_teams_inside,
)
from incentives.store.transaction import writing

COLOURS = range(1, 7)


@contextmanager
def changing(code: str) -> Iterator[tuple[Session, Team]]:
    with writing() as session:
        keep_people_as_they_are(session)
        team = session.scalars(select(Team).where(Team.code == code)).first()
        if team is None:
            raise NotFound("There is no team at this address.")
        yield session, team
    ask_for_refresh()


def create_team(name: str, *, parent: str, colour: int, by: int, now: datetime) -> str:
    """A new team, inside another if one is named. Returns its code."""
    name = " ".join(name.split())
    with writing() as session:
        keep_people_as_they_are(session)
        _refuse_problems(name, parent, colour, inside=set())
        team = add_team(session, name, parent=team_by_code(parent), colour=colour, by=by, now=now)
        return team.code


def change_team(code: str, *, name: str, parent: str, colour: int, by: int, now: datetime) -> None:
    """Name, colour and the team it is in. Its members' boards are drawn anew."""
    name = " ".join(name.split())
    with changing(code) as (session, team):
        inside = with_teams_inside([team.id])
        _refuse_problems(name, parent, colour, inside=inside)
        above = team_by_code(parent)
        before = _said(team)
        with teams_changing(session, people_in(inside, MEMBER), now):
            team.name, team.colour, team.parent_id = name, colour, above.id if above else None
            session.flush()
        session.refresh(team)
        if _said(team) == before:
            return
        record(session, "team changed", name, by=by, now=now, before=before, after=_said(team))
        mark_stale(session, _members(inside, now), now)


def set_manager(code: str, *, person: str, first_day: date | None, by: int, now: datetime) -> None:
    """Give a team to a manager from a day on; the one until then ends on that day."""
    with changing(code) as (session, team):
        manager = session.scalars(select(Person).where(Person.code == person)).first()
        problems: dict[str, list[str]] = {}
        today = the_company().calendar.day_of(now)
        if manager is None:
            problems["manager"] = ["Choose a person."]
        elif manager.has_left(max(today, first_day or today)):
            problems["manager"] = ["Choose a person who is here on that day."]
        if first_day is None:
            problems["first_day"] = ["Write the first day."]
        if problems:
            raise Invalid("manager", "The manager was not set.", fields=problems)
        assert manager is not None, "checked above"
        assert first_day is not None, "checked above"
        with teams_changing(session, people_in(with_teams_inside([team.id]), MEMBER), now):
            _end_managers(session, team, first_day, except_for=manager.id)
        join_team(session, manager, team, role=MANAGER, first_day=first_day, by=by, now=now)


def retire_team(code: str, *, by: int, now: datetime, today: date) -> None:
    """Take a team off the lists. Refused while somebody is in it."""
    with changing(code) as (session, team):
        inside = with_teams_inside([team.id])
        if _members(inside, now):
            raise Refused("not_empty", f"{team.name} has members. Move them first.")
        team.retired_on = today
        record(session, "team retired", team.name, by=by, now=now, after=today.isoformat())


def bring_team_back(code: str, *, by: int, now: datetime) -> None:
    with changing(code) as (session, team):
        team.retired_on = None
        record(session, "team back", team.name, by=by, now=now)


def _refuse_problems(name: str, parent: str, colour: int, *, inside: set[int]) -> None:
    problems: dict[str, list[str]] = {}
    if not 1 <= len(name) <= 120:
        problems["name"] = ["Write a name of at most 120 characters."]
    if colour not in COLOURS:
        problems["colour"] = ["Choose a colour."]
    above = team_by_code(parent) if parent else None
    if parent and above is None:
        problems["parent"] = ["Choose a team, or none."]
    elif above is not None and above.id in inside:
        problems["parent"] = ["A team cannot be inside itself."]
    if problems:
        raise Invalid("team", "The team was not saved.", fields=problems)


def _end_managers(session: Session, team: Team, day: date, *, except_for: int) -> None:
    query = select(Membership).where(
        Membership.team_id == team.id,
        Membership.role == MANAGER,
        Membership.person_id != except_for,
    )
    for membership in session.scalars(query).unique():
        if membership.first_day >= day:
            session.delete(membership)
        elif membership.end_day is None or membership.end_day > day:
            membership.end_day = day


def _members(team_ids: set[int], now: datetime) -> list[int]:
    today = the_company().calendar.day_of(now)
    return [person.id for person in team_members(team_ids, today)]


def _said(team: Team) -> dict[str, str | int | None]:
    return {
        "name": team.name,
        "colour": team.colour,
        "inside": team.parent.name if team.parent else None,
    }
