"""API keys: made and shown once, revoked for good."""

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from incentives.errors import Invalid, NotFound, Refused
from incentives.store.api_keys import ApiKey
from incentives.store.audit import record
from incentives.store.transaction import writing
from incentives.tokens import token_hash

SCOPES = {
    "activities:write": "Send activities and read back what was sent",
    "adjustments:write": "Adjust pay",
    "announcements:write": "Make, change and end announcements",
    "boards:read": "Read boards and standings",
    "boards:write": "Create, edit and retire boards",
    "exchange_rates:read": "Read exchange rates",
    "exchange_rates:write": "Set exchange rates",
    "feed:read": "Read wins, kudos and announcements",
    "kudos:write": "Give kudos for people",
    "pay_periods:lock": "Lock months of pay",
    "pay_periods:read": "Read which months of pay are locked",
    "plans:read": "Read and check plan documents",
    "plans:write": "Publish plan versions",
}
PREFIX_LENGTH = 12


def create_api_key(name: str, scopes: Collection[str], *, by: int | None, now: datetime) -> str:
    """Make a key and return it. It cannot be shown again: only a hash is kept."""
    name = " ".join(name.split())
    problems: dict[str, list[str]] = {}
    if not 1 <= len(name) <= 80:
        problems["name"] = ["Write what the key is for, in at most 80 characters."]
    unknown = sorted(set(scopes) - SCOPES.keys())
    if unknown or not scopes:
        problems["scopes"] = [f"Choose from {' and '.join(SCOPES)}."]
    if problems:
        raise Invalid("api_key", "The key was not made.", fields=problems)
    key = f"inc_{secrets.token_hex(24)}"
    with writing() as session:
        stored = ApiKey(
            name=name,
            prefix=key[:PREFIX_LENGTH],
            secret_hash=token_hash(key),
            scopes=sorted(set(scopes)),
            created_at=now,
            created_by=by,
        )
        session.add(stored)
        after = {"prefix": stored.prefix, "scopes": stored.scopes}
        record(session, "api key made", name, by=by, now=now, after=after)
    return key


def revoke_api_key(prefix: str, *, by: int | None, now: datetime) -> None:
    """End a key by its readable beginning. What it has sent stays."""
    with writing() as session:
        found = session.scalars(
            select(ApiKey).where(ApiKey.prefix == prefix, ApiKey.revoked_at.is_(None))
        ).all()
        if not found:
            raise NotFound(f"No key in use begins with {prefix}.")
        if len(found) > 1:
            raise Refused("ambiguous", f"More than one key begins with {prefix}.")
        found[0].revoked_at = now
        record(session, "api key revoked", found[0].name, by=by, now=now, before={"prefix": prefix})
