"""People, teams and logins: made, changed, moved and retired, each with its audit entry."""

import re
import unicodedata
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from incentives.access import ROLES
from incentives.core.calendar import ALWAYS
from incentives.errors import Invalid
from incentives.operations.far_days import refuse_far
from incentives.operations.mark_behind import teams_changing
from incentives.operations.sessions import end_sessions_of, hash_password
from incentives.store.audit import record
from incentives.store.companies import the_company
from incentives.store.markers import Marker, mark_stale
from incentives.store.people import Login, Person
from incentives.store.teams import MEMBER, Membership, Team, people_in, with_teams_inside


def code_for(name: str) -> str:
    """A short name for files and addresses: 'Zoë O’Neil' is zoe-o-neil."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "someone"


def unused_code(session: Session, model: type[Person] | type[Team], name: str) -> str:
    wanted = code_for(name)[:70]
    taken = set(session.scalars(select(model.code).where(model.code.startswith(wanted))))
    if wanted not in taken and wanted != "new":  # the address of the form for a new one
        return wanted
    return next(f"{wanted}-{n}" for n in range(2, 10_000) if f"{wanted}-{n}" not in taken)


def add_person(
    session: Session,
    name: str,
    *,
    is_payee: bool,
    email: str | None = None,
    by: int | None,
    now: datetime,
) -> Person:
    """A new person. A payee stands on the boards of the teams they join, with 0 to begin with."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 120:
        raise Invalid("name", "Write a name.", fields={"name": ["Write a name."]})
    email = (email or "").strip().lower() or None
    if email and session.scalar(select(Person.id).where(Person.email == email)):
        raise Invalid("email", "Taken.", fields={"email": ["Somebody has this e-mail already."]})
    person = Person(
        code=unused_code(session, Person, name), name=name, email=email, is_payee=is_payee
    )
    session.add(person)
    session.flush()
    session.add(Marker(payee_id=person.id, wanted=0, computed=0))
    record(session, "person added", name, by=by, now=now, after={"is_payee": is_payee})
    return person


def add_team(
    session: Session,
    name: str,
    *,
    parent: Team | None = None,
    colour: int = 1,
    by: int | None,
    now: datetime,
) -> Team:
    team = Team(
        code=unused_code(session, Team, name),
        name=name,
        parent_id=parent.id if parent else None,
        colour=colour,
    )
    session.add(team)
    session.flush()
    record(session, "team added", name, by=by, now=now)
    return team


def join_team(
    session: Session,
    person: Person,
    team: Team,
    *,
    role: str = MEMBER,
    first_day: date = ALWAYS,
    by: int | None,
    now: datetime,
) -> None:
    """Put a person in a team from a day on, until they leave. As a member they leave their team of
    until then; what they did there stays there (semantics 4)."""
    refuse_far("first_day", first_day, or_always=True)
    known = session.scalars(
        select(Membership).where(Membership.person_id == person.id, Membership.role == role)
    ).all()
    # Where they are in the team until that day, or beyond it, the same stay goes on.
    stay = max(
        (m for m in known if m.team_id == team.id and _reaches(m, first_day)),
        key=lambda m: m.first_day,
        default=None,
    )
    others = [m for m in known if m is not stay and (m.end_day is None or m.end_day > first_day)]
    leaves = person.retired_on
    end_day = leaves if leaves is not None and leaves > first_day else None
    if stay is not None and stay.end_day == end_day and not (others and role == MEMBER):
        return
    before: object = None
    moved = [person.id] if role == MEMBER else people_in(with_teams_inside([team.id]), MEMBER)
    with teams_changing(session, moved, now):
        if role == MEMBER:
            for membership in others:
                if membership.first_day >= first_day:
                    session.delete(membership)
                else:
                    before = membership.team.name
                    membership.end_day = first_day
        session.flush()
        if stay is None:
            stay = Membership(person_id=person.id, team_id=team.id, role=role, first_day=first_day)
            session.add(stay)
        elif stay.end_day is not None:
            before = {"team": team.name, "until": stay.end_day.isoformat()}
        stay.end_day = end_day
    after = {"team": team.name, "as": role, "from": first_day.isoformat()}
    record(session, "team joined", person.name, by=by, now=now, before=before, after=after)
    if person.is_payee:
        mark_stale(session, [person.id], now)


def _reaches(membership: Membership, day: date) -> bool:
    return membership.first_day <= day and (membership.end_day is None or membership.end_day >= day)


def give_login(
    session: Session,
    person: Person,
    *,
    email: str,
    password: str,
    role: str,
    by: int | None,
    now: datetime,
) -> Login:
    """Let a person sign in, or change how: a new password or role signs them out everywhere."""
    email = email.strip().lower()
    problems: dict[str, list[str]] = {}
    if role not in ROLES:
        problems["role"] = [f"Write one of {', '.join(ROLES)}."]
    if "@" not in email or len(email) > 200:
        problems["email"] = ["Write an e-mail address."]
    taken = session.scalar(select(Login.person_id).where(Login.email == email))
    if taken is not None and taken != person.id:
        problems["email"] = ["Somebody signs in with this e-mail already."]
    if len(password) < 10:
        problems["password"] = ["Write at least 10 characters."]
    if problems:
        raise Invalid("login", "The sign-in was not saved.", fields=problems)
    login = session.scalar(select(Login).where(Login.person_id == person.id))
    before = {"email": login.email, "role": login.role} if login else None
    if login is None:
        login = Login(person_id=person.id)
        session.add(login)
    login.email, login.role, login.password_hash = email, role, hash_password(password)
    login.disabled_at = end_of_sign_in(person, now)
    session.flush()
    end_sessions_of(login.id, now=now)
    after = {"email": email, "role": role}
    record(session, "sign-in given", person.name, by=by, now=now, before=before, after=after)
    return login


def end_of_sign_in(person: Person, now: datetime) -> datetime | None:
    """When somebody may sign in no more: as the first day away begins, or now if it has begun."""
    if person.retired_on is None:
        return None
    calendar = the_company().calendar
    return now if person.has_left(calendar.day_of(now)) else calendar.start_of(person.retired_on)


def retire_person(
    session: Session, person: Person, *, on: date, by: int | None, now: datetime
) -> None:
    """From this day the person is away: off new boards and signed out. History stays. It takes the
    place of another day that was said before."""
    stays = select(Membership).where(
        Membership.person_id == person.id,
        or_(Membership.end_day.is_(None), Membership.end_day > on),
    )
    with teams_changing(session, [person.id], now):
        reopen_stays(session, person)
        person.retired_on = on
        for membership in session.scalars(stays):
            membership.end_day = max(on, membership.first_day)
    if person.login is not None and person.login.may_sign_in(now):
        ends_at = person.login.disabled_at = end_of_sign_in(person, now)
        if ends_at == now:
            end_sessions_of(person.login.id, now=now)
    record(session, "person retired", person.name, by=by, now=now, after=on.isoformat())
    mark_stale(session, [person.id], now)


def reopen_stays(session: Session, person: Person) -> None:
    """The person's stays in teams as they were before leaving ended them: until the next one, or
    of a manager, until the next one of the team."""
    query = select(Membership).where(Membership.person_id == person.id)
    for membership in session.scalars(query).all():
        if person.retired_on is not None and membership.end_day == max(
            person.retired_on, membership.first_day
        ):
            membership.end_day = _next_first_day(session, membership)


def _next_first_day(session: Session, membership: Membership) -> date | None:
    """When the stay begins that takes the place of one that has an end."""
    same = (
        Membership.person_id == membership.person_id
        if membership.role == MEMBER
        else Membership.team_id == membership.team_id
    )
    return session.scalar(
        select(func.min(Membership.first_day)).where(
            same,
            Membership.role == membership.role,
            Membership.id != membership.id,
            Membership.first_day >= membership.end_day,
        )
    )
