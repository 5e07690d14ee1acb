"""Markers: how far each payee is behind. SQL holds them, so a lost job costs seconds, not data."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    false,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from incentives.extensions import db
from incentives.store.base import Base, UTCDateTime
from incentives.store.driver import Driver


class Marker(Base):
    """`wanted` counts the changes that touch a payee, `computed` those that are worked in.

    A marker whose `wanted` is ahead is stale; `stale_since` is the first change not yet worked in.
    `days_said` are hashes of all that the stored day results were made of, and of the lines that
    the ledger was brought to.

    `failures` counts the tries in a row that came to nothing; who has one is tried alone, after
    everybody else, and with growing pauses. `problem` says why in words: such a payee is parked,
    since `failing_since`. `changed_since` is set by a change after the last try, which may have
    mended the cause. `holds_up` says that a try costs the others time.
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
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    changed_since: Mapped[bool] = mapped_column(default=False, server_default=false())
    holds_up: Mapped[bool] = mapped_column(default=False, server_default=false())
    days_said: Mapped[str | None] = mapped_column(Text)


class Seen(NamedTuple):
    """How far a payee was when it was looked at."""

    wanted: int = 0
    computed: int = 0
    said: str | None = None


def mark_stale(session: Session, payee_ids: Collection[int], now: datetime) -> None:
    """Say, in the transaction of the change itself, that these payees are behind."""
    driver = Driver(session)
    since = driver.instant(now)
    # In one order for everybody, so that two intakes never wait for each other in a circle.
    driver.run_many(
        "INSERT INTO marker (payee_id, wanted, computed, stale_since) VALUES (?, 1, 0, ?) "
        "ON CONFLICT (payee_id) DO UPDATE SET wanted = marker.wanted + 1, "
        "stale_since = coalesce(marker.stale_since, excluded.stale_since), changed_since = TRUE",
        [(payee_id, since) for payee_id in sorted(set(payee_ids))],
    )


def everybody_is_behind(session: Session, now: datetime) -> None:
    """After a restore: whatever was seen of a later state has another version.

    By statements that hold for every schema that was ever backed up. The seconds since 1970 keep
    versions from repeating those that were given between the backup and now.
    """
    behind = {"now": Driver(session).instant(now), "seconds": int(now.timestamp())}
    session.execute(
        text("UPDATE marker SET wanted = wanted + 1, stale_since = coalesce(stale_since, :now)"),
        behind,
    )
    session.execute(
        text(
            "UPDATE marker SET wanted = wanted + :seconds "
            "WHERE payee_id = (SELECT min(payee_id) FROM marker)"
        ),
        behind,
    )


def stale_payees() -> list[int]:
    """Payees behind, the one that waits longest first."""
    return list(db.session.scalars(_stale().order_by(Marker.stale_since, Marker.payee_id)))


def sound_stale_payees() -> list[int]:
    """The same without those whose last try came to nothing."""
    query = _stale().where(Marker.failures == 0)
    return list(db.session.scalars(query.order_by(Marker.stale_since, Marker.payee_id)))


def _stale() -> Select[int]:
    return select(Marker.payee_id).where(Marker.wanted > Marker.computed)


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
        "UPDATE marker SET computed = ?, days_said = ?, problem = NULL, tried_at = NULL, "
        "failures = 0, failing_since = NULL, "
        "stale_since = CASE WHEN wanted > ? THEN stale_since END "
        "WHERE payee_id = ? AND computed <= ?",
        [
            (each.wanted, each.said, each.wanted, payee_id, each.wanted)
            for payee_id, each in sorted(worked_in.items())
        ],
    )


def oldest_stale() -> datetime | None:
    """The first change that is not yet worked in, of anybody who is not parked: also of those who
    were being tried when their worker died."""
    query = select(func.min(Marker.stale_since)).where(
        Marker.wanted > Marker.computed, Marker.problem.is_(None)
    )
    return db.session.scalar(query)


def board_version() -> int:
    """How many changes the standings contain. Grows with every one and never goes back."""
    return int(db.session.scalar(select(func.coalesce(func.sum(Marker.computed), 0))) or 0)
