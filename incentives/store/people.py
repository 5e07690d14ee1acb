"""People: those who earn (payees) and those who sign in (logins). One person may be both."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from incentives.extensions import db
from incentives.store.base import Base, UTCDateTime
from incentives.store.driver import Driver


class Person(Base):
    """`code` is the person's name in files and in the API; `retired_on` is the first day away."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(200), unique=True)
    is_payee: Mapped[bool] = mapped_column(default=False)
    retired_on: Mapped[date | None]

    login: Mapped["Login | None"] = relationship(back_populates="person", lazy="selectin")

    def has_left(self, day: date) -> bool:
        return self.retired_on is not None and self.retired_on <= day


class Login(Base):
    """Who may sign in, until `disabled_at`. `role` is one of `incentives.access.ROLES`."""

    __tablename__ = "login"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    disabled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(back_populates="login", lazy="joined")

    def may_sign_in(self, now: datetime) -> bool:
        return self.disabled_at is None or now < self.disabled_at


class LoginSession(Base):
    """A signed-in browser. Only a hash of its token is kept; ending the row signs it out."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    login_id: Mapped[int] = mapped_column(ForeignKey("login.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    login: Mapped[Login] = relationship(lazy="joined")


class SetUpLink(Base):
    """A one-time link with which the first administrator of an empty company signs up."""

    __tablename__ = "set_up_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def person(person_id: int) -> Person | None:
    return db.session.get(Person, person_id)


def everyone() -> Sequence[Person]:
    return db.session.scalars(select(Person).order_by(func.lower(Person.name), Person.id)).all()


def payees() -> Sequence[Person]:
    query = select(Person).where(Person.is_payee).order_by(func.lower(Person.name), Person.id)
    return db.session.scalars(query).all()


def payee_names() -> list[tuple[str, str]]:
    """Every payee's code and name, by name."""
    query = select(Person.code, Person.name).where(Person.is_payee)
    rows = db.session.execute(query.order_by(func.lower(Person.name), Person.id))
    return [(row.code, row.name) for row in rows]


def payee_ids() -> list[int]:
    return list(db.session.scalars(select(Person.id).where(Person.is_payee).order_by(Person.id)))


def payees_called(names: Iterable[str], *, to_credit: bool = False) -> dict[str, int]:
    """Payees by what a source calls them: code, e-mail or full name, in small or capital letters.
    Found `to_credit`, they go on earning until the transaction ends (see `let_nobody_credit`).

    A full name that two payees share names nobody.
    """
    wanted = {name: name.casefold() for name in names}
    keys = set(wanted.values())
    emails = {key for key in keys if "@" in key}
    found = _payees_by("code", keys, to_credit) | _payees_by("email", emails, to_credit)
    # Only names are left to search for, which needs every payee; codes and e-mails have an index.
    if len(found) < len(keys):
        by_name = {key: each for key, each in _payees_by_name().items() if key in keys}
        if to_credit:
            earning = _payees_by("id", by_name.values(), to_credit)
            by_name = {key: each for key, each in by_name.items() if each in earning}
        found = by_name | found
    return {name: found[key] for name, key in wanted.items() if key in found}


def let_nobody_credit(session: Session, payee_id: int) -> None:
    """Wait for who has found this payee to credit them, and let nobody find them until the
    transaction ends. SQLite has one writer anyway."""
    session.execute(select(Person.id).where(Person.id == payee_id).with_for_update())


def _payees_by(
    column: str, wanted: Collection[str] | Collection[int], to_credit: bool
) -> dict[Any, int]:
    """By their ids, or a column that is kept in small letters."""
    if not wanted:
        return {}
    driver = Driver(db.session())
    # The weakest lock there is, which each credit takes anyway: nobody who only changes a person
    # waits for it.
    lock = "FOR KEY SHARE" if to_credit and driver.is_postgres else ""
    statement = f"SELECT {column}, id FROM person WHERE {column} IN :ids AND is_payee {lock}"  # noqa: S608
    return dict(driver.rows_in_parts(statement, ids=wanted))


def _payees_by_name() -> dict[str, int]:
    ids: dict[str, set[int]] = {}
    for row in db.session.execute(select(Person.id, Person.name).where(Person.is_payee)):
        ids.setdefault(row.name.casefold(), set()).add(row.id)
    return {name: of_name.pop() for name, of_name in ids.items() if len(of_name) == 1}


def ids_by_code(codes: Iterable[str]) -> dict[str, int]:
    """People by their codes, as they are written in documents."""
    query = select(Person.code, Person.id).where(Person.code.in_(set(codes)))
    return {row.code: row.id for row in db.session.execute(query)}


def payees_with_roles(roles: Iterable[str]) -> set[int]:
    """The payees who sign in as one of these."""
    query = select(Login.person_id).join(Login.person).where(Person.is_payee)
    return set(db.session.scalars(query.where(Login.role.in_(list(roles)))))


def login_by_email(email: str) -> Login | None:
    return db.session.scalars(select(Login).where(Login.email == email.strip().lower())).first()


def has_logins() -> bool:
    return db.session.scalar(select(func.count()).select_from(Login)) != 0


def open_sessions_of(login_id: int, *, seen_since: datetime) -> Sequence[LoginSession]:
    """The browsers in which a login is signed in, the one seen last first."""
    query = select(LoginSession).where(
        LoginSession.login_id == login_id,
        LoginSession.ended_at.is_(None),
        LoginSession.seen_at >= seen_since,
    )
    return db.session.scalars(query.order_by(LoginSession.seen_at.desc())).all()


def person_by_code(code: str) -> Person | None:
    return db.session.scalars(select(Person).where(Person.code == code)).first()


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    query = select(Person.id, Person.name).where(Person.id.in_(list(person_ids)))
    return {row.id: row.name for row in db.session.execute(query)}


def called(names: Collection[str]) -> dict[str, int]:
    """People by code or e-mail, in small or capital letters; who is unknown is not in it."""
    wanted = {name: name.casefold() for name in names}
    keys = set(wanted.values())
    found: dict[str, int] = {}
    for column in (Person.code, Person.email):
        for key, person_id in db.session.execute(select(column, Person.id).where(column.in_(keys))):
            found[str(key)] = person_id
    return {name: found[key] for name, key in wanted.items() if key in found}
