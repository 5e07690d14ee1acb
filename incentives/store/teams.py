"""Teams, and who was in which when: a move never moves history (semantics 4)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.core.calendar import Period
from incentives.extensions import db
from incentives.store.base import Base
from incentives.store.people import Person

MEMBER, MANAGER = "member", "manager"


class Team(Base):
    """A named group. An office is a team whose teams have it as `parent`.

    `colour` is the number of its colour on boards, 1 to 6; teams inside it share it.
    """

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    colour: Mapped[int] = mapped_column(default=1)
    retired_on: Mapped[date | None]

    parent: Mapped["Team | None"] = relationship(remote_side=[id], lazy="joined", join_depth=2)


class Membership(Base):
    """A person in a team over days [first_day, end_day)."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "team_id", "role", "first_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    role: Mapped[str] = mapped_column(String(10), default=MEMBER)
    first_day: Mapped[date]
    end_day: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="joined")
    team: Mapped[Team] = relationship(lazy="joined")

    def covers(self, day: date) -> bool:
        return self.first_day <= day and (self.end_day is None or day < self.end_day)


@dataclass(frozen=True, slots=True)
class Span:
    """A person's days [first_day, end_day) in a team, as a member or as its manager."""

    person_id: int
    team_id: int
    role: str
    first_day: date
    end_day: date | None

    def covers(self, day: date) -> bool:
        return self.first_day <= day and (self.end_day is None or day < self.end_day)


@dataclass(frozen=True, slots=True)
class Stay:
    """A payee's days [first_day, end_day) in a team, with the names shown beside the person."""

    payee_id: int
    name: str
    team_id: int
    team: str
    office: str
    colour: int
    first_day: date
    end_day: date | None

    def covers(self, day: date) -> bool:
        return self.first_day <= day and (self.end_day is None or day < self.end_day)


def all_teams() -> Sequence[Team]:
    return db.session.scalars(select(Team).order_by(Team.name, Team.id)).all()


def teams_called(names: Iterable[str]) -> dict[str, int]:
    """Teams by what a list calls them: code or name, in small or capital letters. A name that two
    teams share names neither."""
    by_code = {team.code.casefold(): team.id for team in all_teams()}
    by_name: dict[str, set[int]] = {}
    for team in all_teams():
        by_name.setdefault(team.name.casefold(), set()).add(team.id)
    alone = {name: min(ids) for name, ids in by_name.items() if len(ids) == 1}
    known = alone | by_code
    return {name: known[name.casefold()] for name in names if name.casefold() in known}


def team_by_code(code: str) -> Team | None:
    return db.session.scalars(select(Team).where(Team.code == code)).first()


def with_teams_inside(team_ids: Collection[int]) -> set[int]:
    """These teams and every team below them."""
    found = set(team_ids)
    links = db.session.execute(select(Team.id, Team.parent_id)).all()
    while more := {row.id for row in links if row.parent_id in found} - found:
        found |= more
    return found


def with_teams_around(team_ids: Collection[int]) -> set[int]:
    """These teams and every team above them."""
    above = parents()
    found = set(team_ids)
    while more := {above[team_id] or 0 for team_id in found} - found - {0}:
        found |= more
    return found


def homes_of(person_ids: Collection[int]) -> set[int]:
    """The teams of which these people were ever members."""
    query = select(Membership.team_id).where(
        Membership.person_id.in_(person_ids), Membership.role == MEMBER
    )
    return set(db.session.scalars(query))


def people_in(team_ids: Collection[int], role: str) -> set[int]:
    """Who was ever in one of these teams, as a member or as its manager."""
    query = select(Membership.person_id).where(
        Membership.team_id.in_(team_ids), Membership.role == role
    )
    return set(db.session.scalars(query))


def spans() -> list[Span]:
    """Who was in which team when, of everybody, in the order in which they came."""
    query = select(
        Membership.person_id,
        Membership.team_id,
        Membership.role,
        Membership.first_day,
        Membership.end_day,
    ).order_by(Membership.first_day, Membership.id)
    return [Span(*row) for row in db.session.execute(query)]


def parents() -> dict[int, int | None]:
    """The team that each team is in."""
    return {row.id: row.parent_id for row in db.session.execute(select(Team.id, Team.parent_id))}


def stays(period: Period, team_ids: Collection[int] | None = None) -> list[Stay]:
    """Where every payee was during a period; with `team_ids` only the stays in those teams."""
    # As rows, not as objects: boards may have thousands of people.
    query = (
        select(
            Membership.person_id,
            Person.name,
            Membership.team_id,
            Membership.first_day,
            Membership.end_day,
        )
        .join(Person, Person.id == Membership.person_id)
        .where(Person.is_payee, Membership.role == MEMBER)
        .where(Membership.first_day < period.end_day)
        .where(or_(Membership.end_day.is_(None), Membership.end_day > period.first_day))
        .order_by(Membership.person_id, Membership.first_day)
    )
    if team_ids is not None:
        query = query.where(Membership.team_id.in_(team_ids))
    known = {team.id: team for team in all_teams()}
    found = []
    for person_id, name, team_id, first_day, end_day in db.session.execute(query):
        team = known[team_id]
        office = team.parent or team
        found.append(
            Stay(
                person_id, name, team_id, team.name, office.name, office.colour, first_day, end_day
            )
        )
    return found


def membership_on(person_id: int, day: date) -> Membership | None:
    """The team a payee was in on a day."""
    found = (m for m in memberships_of(person_id) if m.role == MEMBER and m.covers(day))
    return next(found, None)


def memberships_of(person_id: int) -> Sequence[Membership]:
    query = select(Membership).where(Membership.person_id == person_id)
    return db.session.scalars(query.order_by(Membership.first_day, Membership.id)).unique().all()


def teams_managed_by(person_id: int, day: date) -> set[int]:
    """The teams, and those below them, that a person manages on a day."""
    managed = {m.team_id for m in memberships_of(person_id) if m.role == MANAGER and m.covers(day)}
    return with_teams_inside(managed) if managed else set()


def team_members(team_ids: Collection[int], day: date) -> list[Person]:
    """The payees in these teams on a day, by name."""
    query = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.is_payee, Membership.role == MEMBER, Membership.team_id.in_(team_ids))
        .where(Membership.first_day <= day)
        .where(or_(Membership.end_day.is_(None), Membership.end_day > day))
    )
    return sorted(db.session.scalars(query).unique(), key=lambda p: p.name.casefold())


def memberships_on(day: date) -> Sequence[Membership]:
    """Who is in which team on a day, by name."""
    query = (
        select(Membership)
        .join(Membership.person)
        .where(Membership.first_day <= day)
        .where(or_(Membership.end_day.is_(None), Membership.end_day > day))
        .order_by(Person.name, Membership.id)
    )
    return db.session.scalars(query).unique().all()
