"""People: those who earn (payees) and those who sign in (logins). One person may be both."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.extensions import db
from incentives.store.base import Base, UTCDateTime


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


class Login(Base):
    """Who may sign in. `role` is one of `incentives.access.ROLES`."""

    __tablename__ = "login"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    disabled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(back_populates="login", lazy="joined")


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


def payee_ids() -> list[int]:
    return list(db.session.scalars(select(Person.id).where(Person.is_payee).order_by(Person.id)))


def payees_called(names: Iterable[str]) -> dict[str, int]:
    """Payees by what a source calls them: code, e-mail or full name, in small or capital letters.

    A full name that two payees share names nobody.
    """
    wanted = {name.casefold(): name for name in names}
    found: dict[str, int] = {}
    shared: set[str] = set()
    columns = select(Person.id, Person.code, Person.email, Person.name).where(Person.is_payee)
    rows = db.session.execute(columns).all()
    for row in rows:
        key = row.name.casefold()
        if key in found and found[key] != row.id:
            shared.add(key)
        found[key] = row.id
    for name in shared:
        del found[name]
    for row in rows:
        for exact in (row.code, row.email):
            if exact:
                found[exact.casefold()] = row.id
    return {name: found[key] for key, name in wanted.items() if key in found}


def login_by_email(email: str) -> Login | None:
    return db.session.scalars(select(Login).where(Login.email == email.strip().lower())).first()


def has_logins() -> bool:
    return db.session.scalar(select(func.count()).select_from(Login)) != 0
