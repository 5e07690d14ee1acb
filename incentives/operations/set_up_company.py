"""The first administrator of an empty company, by a link that works once."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from incentives.access import ADMINISTRATOR
from incentives.errors import Invalid, NotFound, Refused
from incentives.extensions import db
from incentives.operations.change_company import write_company
from incentives.operations.change_people import add_person, give_login
from incentives.queue import ask_for_refresh
from incentives.store.audit import record
from incentives.store.companies import Company, the_company
from incentives.store.people import Login, SetUpLink, has_logins
from incentives.store.transaction import writing
from incentives.tokens import token_hash

GOOD_FOR = timedelta(hours=24)


def make_set_up_link(*, now: datetime) -> str:
    """The token of a new link. Only a hash of it is kept."""
    if has_logins():
        raise Refused("set_up_already", "Somebody can sign in already; the company is set up.")
    token = secrets.token_urlsafe(32)
    with writing() as session:
        session.add(SetUpLink(token_hash=token_hash(token), made_at=now))
        record(session, "set-up link made", the_company().name, by=None, now=now)
    return token


def check_set_up_link(token: str, *, now: datetime) -> None:
    """Raises NotFound for a link that is unknown, used or too old: it tells nothing of which."""
    link = db.session.get(SetUpLink, token_hash(token))
    if link is None or link.used_at is not None or now - link.made_at >= GOOD_FOR or has_logins():
        raise NotFound("This link does not work any more. Ask for a new one where it came from.")


def set_up_company(
    token: str,
    *,
    company: str,
    time_zone: str,
    currency: str,
    name: str,
    email: str,
    password: str,
    now: datetime,
) -> None:
    """Use the link: the company has its name and its first administrator."""
    check_set_up_link(token, now=now)
    with writing() as session:
        # Two who hold links wait for each other here, and the second finds a login.
        first = session.get_one(Company, 1, with_for_update=True)
        link = session.get_one(SetUpLink, token_hash(token), with_for_update=True)
        if link.used_at is not None or session.scalar(select(func.count()).select_from(Login)):
            raise NotFound("This link has been used.")
        link.used_at = now
        _name_company(session, company, time_zone, currency, first, now)
        person = add_person(session, name, is_payee=False, by=None, now=now)
        give_login(
            session,
            person,
            email=email,
            password=password,
            role=ADMINISTRATOR,
            by=None,
            now=now,
        )
    ask_for_refresh()


def _name_company(
    session: Session, name: str, time_zone: str, currency: str, company: Company, now: datetime
) -> None:
    try:
        write_company(
            session,
            name=name,
            time_zone=time_zone,
            currency=currency,
            years=company.years,
            by=None,
            now=now,
        )
    except Invalid as error:
        # On this form "name" is the person's.
        fields = dict(error.fields)
        if "name" in fields:
            fields["company"] = fields.pop("name")
        raise Invalid(error.code, error.message, fields=fields) from error
