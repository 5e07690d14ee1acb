"""Statements as they were when their month was locked. Triggers refuse to change them.

Both texts are canonical JSON (`base.to_json`): sorted keys, no blanks, UTF-8. What lists of many
payees and the next month begin with stands in `payout`, all the rest in `statement`.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, Text, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from incentives.extensions import db
from incentives.store.base import Base
from incentives.store.parts import in_parts_or_all


class LockedStatement(Base):
    """A payee's statement of a locked month. `sha256` is over both texts: see `statement_hash`."""

    __tablename__ = "locked_statement"

    payee_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    period: Mapped[str] = mapped_column(
        String(12), ForeignKey("period_lock.period"), primary_key=True
    )
    payout: Mapped[str] = mapped_column(Text)
    statement: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))


class Frozen(NamedTuple):
    """The two texts of one payee's month."""

    payee_id: int
    payout: str
    statement: str


def statement_hash(payout: str, statement: str) -> str:
    """SHA-256 over both texts with a line feed between them."""
    return hashlib.sha256(f"{payout}\n{statement}".encode()).hexdigest()


def keep_statements(session: Session, period: str, frozen: Sequence[Frozen]) -> None:
    """Store statements for good."""
    if frozen:
        session.flush()
        session.execute(
            insert(LockedStatement),
            [
                {
                    **each._asdict(),
                    "period": period,
                    "sha256": statement_hash(each.payout, each.statement),
                }
                for each in frozen
            ],
        )


def locked_statement(payee_id: int, period: str) -> LockedStatement | None:
    return db.session.get(LockedStatement, (payee_id, period))


def locked_payouts(
    periods: Collection[str], payee_ids: Collection[int] | None = None
) -> Iterator[tuple[int, str, str]]:
    """(payee, month, payout) of some months, of some payees or of everybody."""
    query = (
        select(LockedStatement.payee_id, LockedStatement.period, LockedStatement.payout)
        .where(LockedStatement.period.in_(periods))
        .order_by(LockedStatement.payee_id, LockedStatement.period)
    )
    for part in in_parts_or_all(payee_ids):
        asked = query if part is None else query.where(LockedStatement.payee_id.in_(part))
        for row in db.session.execute(asked):
            yield row.payee_id, row.period, row.payout
