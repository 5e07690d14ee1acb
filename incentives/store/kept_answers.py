"""Answers that are kept for whoever sends the same once more under a key of their own."""

from datetime import datetime

from sqlalchemy import String, Text, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from incentives.extensions import db
from incentives.store.base import Base, Json, UTCDateTime, code
from incentives.store.driver import Driver

LONGEST_KEY = 200


class KeptAnswer(Base):
    """What `sender` was answered under `key`; `content_hash` tells whether the same is asked."""

    __tablename__ = "kept_answer"

    sender: Mapped[str] = mapped_column(code(40), primary_key=True)
    key: Mapped[str] = mapped_column(code(LONGEST_KEY), primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(Json)
    body: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


def kept_answer(sender: str, key: str) -> KeptAnswer | None:
    return db.session.get(KeptAnswer, (sender, key))


def claim_key(session: Session, sender: str, key: str, *, waits: bool) -> bool:
    """Have a key for this transaction. False where another one has it, unless one `waits`.

    SQLite has one writer: whoever comes second waits for the first in any case.
    """
    driver = Driver(session)
    if not driver.is_postgres:
        return True
    function = "pg_advisory_xact_lock" if waits else "pg_try_advisory_xact_lock"
    [(has_it,)] = driver.rows(f"SELECT {function}(hashtext(?), hashtext(?))", sender, key)
    return has_it is not False


def delete_answers(session: Session, *, before: datetime) -> None:
    session.execute(delete(KeptAnswer).where(KeptAnswer.answered_at < before))
