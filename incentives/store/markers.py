"""Markers: how far each payee is behind. SQL holds them, so a lost job costs seconds, not data."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from incentives.extensions import db
from incentives.store.base import Base, UTCDateTime
from incentives.store.driver import Driver


class Marker(Base):
    """`wanted` counts the changes that touch a payee, `computed` those that are worked in.

    A marker whose `wanted` is ahead is stale; `stale_since` is the first change not yet worked in.
    `days_said` are hashes of all that the stored day results were made of, and of the lines that
    the ledger was brought to.
    """

    __tablename__ = "marker"
    __table_args__ = (
        Index(
            "ix_marker_stale",
            "stale_since",
            sqlite_where=text("wanted > computed"),
            postgresql_where=text("wanted > computed"),
        ),
    )

    payee_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    wanted: Mapped[int] = mapped_column(BigInteger, default=0)
    computed: Mapped[int] = mapped_column(BigInteger, default=0)
    stale_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str | None] = mapped_column(String(400))
    tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    days_said: Mapped[str | None] = mapped_column(Text)


class Seen(NamedTuple):
    """How far a payee was when it was looked at."""

    wanted: int = 0
    computed: int = 0
    said: str | None = None


def mark_stale(session: Session, payee_ids: Collection[int], now: datetime) -> None:
    """Say, in the transaction of the change itself, that these payees are behind."""
    ids = sorted(set(payee_ids))
    if not ids:
        return
    # Locked in one order by everybody, so that two intakes never wait for each other in a circle.
    query = select(Marker.payee_id).where(Marker.payee_id.in_(ids)).order_by(Marker.payee_id)
    known = set(session.scalars(query.with_for_update()))
    session.execute(
        update(Marker)
        .where(Marker.payee_id.in_(known))
        .values(wanted=Marker.wanted + 1, stale_since=func.coalesce(Marker.stale_since, now))
        .execution_options(synchronize_session=False)
    )
    session.add_all(
        Marker(payee_id=payee_id, wanted=1, computed=0, stale_since=now)
        for payee_id in ids
        if payee_id not in known
    )


def stale_payees(*, untried_since: datetime | None = None) -> list[int]:
    """Payees behind, the one that waits longest first.

    With `untried_since`, a payee whose last try failed after it is left for later.
    """
    query = select(Marker.payee_id).where(Marker.wanted > Marker.computed)
    if untried_since is not None:
        query = query.where((Marker.tried_at.is_(None)) | (Marker.tried_at < untried_since))
    return list(db.session.scalars(query.order_by(Marker.stale_since, Marker.payee_id)))


def seen(session: Session, payee_ids: Collection[int]) -> dict[int, Seen]:
    """How far each of some payees is."""
    rows = Driver(session).rows_in_parts(
        "SELECT payee_id, wanted, computed, days_said FROM marker WHERE payee_id IN :ids",
        ids=payee_ids,
    )
    return dict.fromkeys(payee_ids, Seen()) | {payee_id: Seen(*rest) for payee_id, *rest in rows}


def raise_computed(session: Session, worked_in: Mapping[int, Seen]) -> None:
    """Say that the changes up to what was seen are worked in; later ones stay wanted."""
    Driver(session).run_many(
        "UPDATE marker SET computed = ?, problem = NULL, tried_at = NULL, days_said = ?, "
        "stale_since = CASE WHEN wanted > ? THEN stale_since END "
        "WHERE payee_id = ? AND computed <= ?",
        [
            (each.wanted, each.said, each.wanted, payee_id, each.wanted)
            for payee_id, each in sorted(worked_in.items())
        ],
    )


def park(session: Session, payee_id: int, problem: str, now: datetime) -> None:
    """Note why a payee could not be calculated. The sweeper tries again later."""
    session.execute(
        update(Marker)
        .where(Marker.payee_id == payee_id)
        .values(problem=problem[:400], tried_at=now)
    )


def parked() -> dict[int, str]:
    query = select(Marker.payee_id, Marker.problem).where(Marker.problem.is_not(None))
    return {row.payee_id: row.problem for row in db.session.execute(query)}


def oldest_stale() -> datetime | None:
    query = select(func.min(Marker.stale_since)).where(Marker.wanted > Marker.computed)
    return db.session.scalar(query)


def board_version() -> int:
    """How many changes the standings contain. Grows with every one and never goes back."""
    return int(db.session.scalar(select(func.coalesce(func.sum(Marker.computed), 0))) or 0)
