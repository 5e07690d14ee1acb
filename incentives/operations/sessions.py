"""Signing in and out: server-side sessions that can be ended at any moment."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select

from incentives.errors import Invalid
from incentives.extensions import db
from incentives.store.people import Login, LoginSession, login_by_email
from incentives.store.transaction import writing
from incentives.tokens import token_hash

IDLE_FOR = timedelta(days=7)
AT_MOST = timedelta(days=14)
# Noting every request would make every reader a writer.
NOTED_EVERY = timedelta(minutes=5)

_hasher = PasswordHasher()
# Verified for an unknown address too, so that the time taken tells nothing.
_NOBODY = _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def password_fits(login: Login, password: str) -> bool:
    return _verifies(login.password_hash, password)


def sign_in(email: str, password: str, *, now: datetime) -> tuple[str, Login]:
    """A new session's token and its login. Raises Invalid, the same for every reason."""
    login = login_by_email(email)
    fits = _verifies(login.password_hash if login else _NOBODY, password)
    if login is None or not fits or not login.may_sign_in(now):
        raise Invalid("wrong_sign_in", "The e-mail or the password is wrong.")
    token = secrets.token_urlsafe(32)
    login_id = login.id
    with writing() as session:
        session.add(
            LoginSession(
                token_hash=token_hash(token), login_id=login_id, started_at=now, seen_at=now
            )
        )
    return token, db.session.get_one(Login, login_id)


def _verifies(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except VerificationError:
        return False


def open_session(token: str, *, now: datetime) -> Login | None:
    """The login behind a token, while its session is open and neither idle nor too old."""
    found = db.session.get(LoginSession, token_hash(token))
    if found is None or not _is_open(found, now):
        return None
    if now - found.seen_at > NOTED_EVERY:
        with writing() as session:
            session.get_one(LoginSession, found.token_hash).seen_at = now
    return found.login


def _is_open(found: LoginSession, now: datetime) -> bool:
    return (
        found.ended_at is None
        and found.login.may_sign_in(now)
        and now - found.seen_at < IDLE_FOR
        and now - found.started_at < AT_MOST
    )


def ended_sessions(token_hashes: Collection[str], *, now: datetime) -> set[str]:
    """Which of these sessions are no longer open."""
    query = select(LoginSession).where(LoginSession.token_hash.in_(token_hashes))
    still_open = {
        found.token_hash for found in db.session.scalars(query).unique() if _is_open(found, now)
    }
    return set(token_hashes) - still_open


def sign_out(token: str, *, now: datetime) -> None:
    with writing() as session:
        found = session.get(LoginSession, token_hash(token))
        if found is not None:
            found.ended_at = now


def end_sessions_of(login_id: int, *, now: datetime) -> None:
    """Sign a login out everywhere. Called inside the transaction of the change that needs it."""
    for found in db.session.query(LoginSession).filter_by(login_id=login_id, ended_at=None):
        found.ended_at = now
