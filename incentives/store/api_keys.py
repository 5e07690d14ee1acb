"""API keys: only a hash is kept, so a key can be shown once and never again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from incentives.extensions import db
from incentives.store.base import Base, Json, UTCDateTime


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


# Put together once: every request of a program asks it.
_IN_USE = select(ApiKey).where(
    ApiKey.secret_hash == bindparam("secret_hash"), ApiKey.revoked_at.is_(None)
)


def api_key_by_hash(secret_hash: str) -> ApiKey | None:
    return db.session.scalars(_IN_USE, {"secret_hash": secret_hash}).first()


def all_api_keys() -> Sequence[ApiKey]:
    return db.session.scalars(select(ApiKey).order_by(ApiKey.id)).all()
