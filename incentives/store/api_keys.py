"""API keys: only a hash is kept, so a key can be shown once and never again."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from incentives.extensions import db
from incentives.store.base import Base, Json, UTCDateTime
from incentives.store.driver import Driver, as_instant


class ApiKey(Base):
    """`prefix` is the readable beginning by which people tell keys apart."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(16))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class UsedKey(NamedTuple):
    """What a request is let in by."""

    id: int
    scopes: tuple[str, ...]
    used_at: datetime | None


def used_key(secret_hash: str) -> UsedKey | None:
    """The key with a secret of this hash, unless it is revoked. Every request of a program asks."""
    found = Driver(db.session()).rows(
        "SELECT id, scopes, used_at FROM api_key WHERE secret_hash = ? AND revoked_at IS NULL",
        secret_hash,
    )
    if not found:
        return None
    key_id, scopes, used_at = found[0]
    return UsedKey(key_id, tuple(json.loads(scopes)), used_at and as_instant(used_at))


def all_api_keys() -> Sequence[ApiKey]:
    return db.session.scalars(select(ApiKey).order_by(ApiKey.id)).all()
