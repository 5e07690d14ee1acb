"""What everybody may do with their own sign-in: another password, and ending sessions."""

from datetime import datetime

from sqlalchemy import select

from incentives.errors import Invalid
from incentives.operations.sessions import (
    end_sessions_of,
    hash_password,
    password_fits,
)
from incentives.store.audit import record
from incentives.store.people import Login, LoginSession
from incentives.store.transaction import writing
from incentives.tokens import token_hash

SHORTEST_PASSWORD = 10


def change_own_password(
    login_id: int, *, current: str, new: str, again: str, token: str, now: datetime
) -> None:
    """Set a new password. Every other browser is signed out; this one stays."""
    with writing() as session:
        login = session.get_one(Login, login_id)
        problems: dict[str, list[str]] = {}
        if not password_fits(login, current):
            problems["current"] = ["This is not your password."]
        if len(new) < SHORTEST_PASSWORD:
            problems["new"] = [f"Write at least {SHORTEST_PASSWORD} characters."]
        elif new != again:
            problems["again"] = ["Write the same password twice."]
        if problems:
            raise Invalid("password", "The password was not changed.", fields=problems)
        login.password_hash = hash_password(new)
        end_sessions_of(login_id, now=now)
        session.get_one(LoginSession, token_hash(token)).ended_at = None
        record(session, "password changed", login.person.name, by=login.person_id, now=now)


def end_own_session(login_id: int, started_at: datetime, *, now: datetime) -> None:
    """Sign one of one's own browsers out, named by when it was signed in."""
    with writing() as session:
        query = select(LoginSession).where(
            LoginSession.login_id == login_id,
            LoginSession.started_at == started_at,
            LoginSession.ended_at.is_(None),
        )
        for found in session.scalars(query).unique():
            found.ended_at = now


def end_other_sessions(login_id: int, *, token: str, now: datetime) -> None:
    """Sign out everywhere but here."""
    with writing() as session:
        end_sessions_of(login_id, now=now)
        session.get_one(LoginSession, token_hash(token)).ended_at = None
