"""What an administrator does with one person, each in one transaction with its audit entry."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from incentives.access import ADMINISTRATOR, ROLES
from incentives.errors import Invalid, NotFound, Refused
from incentives.operations.change_people import (
    add_person,
    end_of_sign_in,
    give_login,
    join_team,
    reopen_stays,
    retire_person,
)
from incentives.operations.far_days import refuse_far
from incentives.operations.mark_behind import teams_changing
from incentives.operations.sessions import end_sessions_of
from incentives.queue import ask_for_refresh
from incentives.store.activities import StoredCredit
from incentives.store.audit import record
from incentives.store.companies import keep_people_as_they_are, the_company
from incentives.store.markers import mark_stale
from incentives.store.people import Login, Person, let_nobody_credit
from incentives.store.teams import Team
from incentives.store.transaction import writing


@contextmanager
def changing(code: str) -> Iterator[tuple[Session, Person]]:
    """One transaction on one person; boards hear of it afterwards."""
    with writing() as session:
        keep_people_as_they_are(session)
        person = session.scalars(select(Person).where(Person.code == code)).first()
        if person is None:
            raise NotFound("There is nobody at this address.")
        yield session, person
    ask_for_refresh()


def create_person(
    name: str,
    *,
    email: str,
    is_payee: bool,
    team: str,
    first_day: date | None,
    by: int,
    now: datetime,
) -> str:
    """A new person, in a team from a day on if one is named. Returns the person's code."""
    with writing() as session:
        keep_people_as_they_are(session)
        person = add_person(session, name, is_payee=is_payee, email=_email(email), by=by, now=now)
        if team:
            _join(session, person, team, first_day, by=by, now=now)
        code = person.code
    ask_for_refresh()
    return code


def change_person(
    code: str, *, name: str, email: str, is_payee: bool, by: int, now: datetime
) -> None:
    """Name, e-mail and whether the person earns. Everything earned stays where it is."""
    name, new_email = " ".join(name.split()), _email(email)
    with changing(code) as (session, person):
        problems: dict[str, list[str]] = {}
        if not 1 <= len(name) <= 120:
            problems["name"] = ["Write a name of at most 120 characters."]
        if new_email and _is_taken(session, new_email, person.id):
            problems["email"] = ["Somebody has this e-mail already."]
        if person.is_payee and not is_payee and _has_earned(session, person.id):
            problems["is_payee"] = ["This person has activities. Retire them instead."]
        if problems:
            raise Invalid("person", "The person was not changed.", fields=problems)
        before = _said(person)
        person.name, person.email, person.is_payee = name, new_email, is_payee
        if _said(person) == before:
            return
        record(session, "person changed", name, by=by, now=now, before=before, after=_said(person))
        mark_stale(session, [person.id], now)


def give_sign_in(
    code: str, *, email: str, role: str, password: str, by: int, now: datetime
) -> None:
    """Let a person sign in, or change how. Without a password the present one stays."""
    with changing(code) as (session, person):
        if person.has_left(the_company().calendar.day_of(now)):
            raise Refused("retired", f"{person.name} is retired. Bring them back first.")
        if role != ADMINISTRATOR:
            _keep_an_administrator(session, person)
        if password or person.login is None:
            give_login(session, person, email=email, password=password, role=role, by=by, now=now)
        else:
            _change_login(session, person.login, email=email, role=role, by=by, now=now)


def _change_login(
    session: Session, login: Login, *, email: str, role: str, by: int, now: datetime
) -> None:
    email = email.strip().lower()
    problems: dict[str, list[str]] = {}
    if role not in ROLES:
        problems["role"] = [f"Choose one of {', '.join(ROLES.values())}."]
    if "@" not in email or len(email) > 200:
        problems["email"] = ["Write an e-mail address."]
    elif session.scalar(select(Login.id).where(Login.email == email, Login.id != login.id)):
        problems["email"] = ["Somebody signs in with this e-mail already."]
    if problems:
        raise Invalid("login", "The sign-in was not changed.", fields=problems)
    before = {"email": login.email, "role": login.role, "may sign in": login.may_sign_in(now)}
    after = {"email": email, "role": role, "may sign in": True}
    login.email, login.role = email, role
    login.disabled_at = end_of_sign_in(login.person, now)
    if after != before:
        # What was open was opened with the old role.
        end_sessions_of(login.id, now=now)
        record(
            session,
            "sign-in changed",
            login.person.name,
            by=by,
            now=now,
            before=before,
            after=after,
        )


def take_sign_in(code: str, *, by: int, now: datetime) -> None:
    """Sign a person out everywhere and let them in no more."""
    with changing(code) as (session, person):
        _keep_an_administrator(session, person)
        if person.login is None or not person.login.may_sign_in(now):
            return
        person.login.disabled_at = now
        end_sessions_of(person.login.id, now=now)
        record(session, "sign-in taken", person.name, by=by, now=now)


def move_person(code: str, *, team: str, first_day: date | None, by: int, now: datetime) -> None:
    """Put a payee in a team from a day on. What they did before stays where it was."""
    with changing(code) as (session, person):
        _join(session, person, team, first_day, by=by, now=now)


def retire(code: str, *, on: date | None, by: int, now: datetime) -> None:
    """From a day on, which may be still to come, the person is away and signed out."""
    if on is None:
        raise Invalid("day", "Say the day.", fields={"on": ["Write the first day away."]})
    refuse_far("on", on)
    with changing(code) as (session, person):
        _keep_an_administrator(session, person)
        retire_person(session, person, on=on, by=by, now=now)


def bring_back(code: str, *, by: int, now: datetime) -> None:
    """The person does not leave after all, and stays in the team; or is here again, where a team is
    given anew, and so is a sign-in that has ended."""
    with changing(code) as (session, person):
        before = person.retired_on
        if before is None:
            return
        if not person.has_left(the_company().calendar.day_of(now)):
            with teams_changing(session, [person.id], now):
                reopen_stays(session, person)
        person.retired_on = None
        if person.login is not None and person.login.may_sign_in(now):
            person.login.disabled_at = None
        record(session, "person back", person.name, by=by, now=now, before=before.isoformat())
        mark_stale(session, [person.id], now)


def _join(
    session: Session,
    person: Person,
    team_code: str,
    first_day: date | None,
    *,
    by: int,
    now: datetime,
) -> None:
    problems: dict[str, list[str]] = {}
    team = session.scalars(select(Team).where(Team.code == team_code)).first()
    if team is None or team.retired_on is not None:
        problems["team"] = ["Choose a team."]
    if first_day is None:
        problems["first_day"] = ["Write the first day in the team."]
    elif person.has_left(first_day):
        problems["first_day"] = [f"{person.name} is not here on that day."]
    if not person.is_payee:
        problems["team"] = ["Only people who earn are in a team. A manager is set on the team."]
    if problems:
        raise Invalid("team", "The person was not moved.", fields=problems)
    assert team is not None, "checked above"
    assert first_day is not None, "checked above"
    join_team(session, person, team, first_day=first_day, by=by, now=now)


def _email(given: str) -> str | None:
    email = given.strip().lower()
    if email and ("@" not in email or len(email) > 200):
        raise Invalid(
            "email", "The e-mail is none.", fields={"email": ["Write an e-mail address."]}
        )
    return email or None


def _said(person: Person) -> dict[str, str | bool | None]:
    return {"name": person.name, "email": person.email, "earns": person.is_payee}


def _is_taken(session: Session, email: str, person_id: int) -> bool:
    query = select(Person.id).where(Person.email == email, Person.id != person_id)
    return session.scalar(query) is not None


def _has_earned(session: Session, person_id: int) -> bool:
    """Whether anything was ever credited; from here on nothing is, until the transaction ends."""
    let_nobody_credit(session, person_id)
    query = select(StoredCredit.activity_id).where(StoredCredit.payee_id == person_id).limit(1)
    return session.scalar(query) is not None


def _keep_an_administrator(session: Session, person: Person) -> None:
    """Refuse to lock everybody out."""
    if person.login is None or person.login.role != ADMINISTRATOR or person.login.disabled_at:
        return
    others = session.scalar(
        select(func.count())
        .select_from(Login)
        .where(
            Login.role == ADMINISTRATOR,
            Login.disabled_at.is_(None),
            Login.id != person.login.id,
        )
    )
    if not others:
        raise Refused(
            "last_administrator",
            f"{person.name} is the only administrator. Make somebody else one first.",
        )
