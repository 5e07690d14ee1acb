"""Activities as they count now, what they said before, and the credits they give."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from incentives.core.activity import Credit
from incentives.core.columns import as_micros
from incentives.core.crediting import part_of
from incentives.extensions import db
from incentives.store.base import Base, BigId, Exact, Json, UTCDateTime, code, from_micros
from incentives.store.driver import Driver
from incentives.store.parts import in_parts


class StoredActivity(Base):
    """The newest revision of one business event, identified by `(source, external_id)`.

    `received_at` is when its first version came in and decides its place in order, `reversed_at`
    when its reversal came in, where it is reversed; `content_hash` tells a replay from a revision.
    `changed_at` is the latest moment of which a version said that it is from then.
    """

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        CheckConstraint("occurred_at IS NOT NULL OR kind = 'deal_open'", name="happened"),
        Index("ix_activity_kind_occurred_at", "kind", "occurred_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source: Mapped[str] = mapped_column(String(60))
    external_id: Mapped[str] = mapped_column(String(120))
    revision: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(40))
    occurred_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    amount: Mapped[Decimal | None] = mapped_column(Exact)
    currency: Mapped[str | None] = mapped_column(String(3))
    quantity: Mapped[Decimal] = mapped_column(Exact)
    attributes: Mapped[dict[str, str]] = mapped_column(Json)
    reversed: Mapped[bool] = mapped_column(default=False)
    reversed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    content_hash: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ActivityRevision(Base):
    """What an activity said before it was revised. Kept for reading, never counted."""

    __tablename__ = "activity_revision"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    superseded_at: Mapped[datetime] = mapped_column(UTCDateTime)


# The moment of a deal that has no date yet.
NO_DATE = 2**63 - 1


class StoredCredit(Base):
    """A payee's share of an activity, in per cent; one payee may have one beside an overlay.

    It holds what the sum for a payee reads of the activity, written in the same transaction, so
    that no other table is looked at. The key is the order of semantics 14: a payee's credits lie
    side by side in it. Moments are whole microseconds since 1970; a deal without a date lies at the
    end of time.
    """

    __tablename__ = "credit"
    __table_args__ = (Index("ix_credit_activity_id", "activity_id"), {"sqlite_with_rowid": False})

    payee_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    occurred_micros: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    received_micros: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(code(60), primary_key=True)
    external_id: Mapped[str] = mapped_column(code(120), primary_key=True)
    overlay: Mapped[bool] = mapped_column(primary_key=True, default=False)
    activity_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("activity.id"))
    reversed_micros: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(40))
    amount: Mapped[Decimal | None] = mapped_column(Exact)
    currency: Mapped[str | None] = mapped_column(String(3))
    quantity: Mapped[Decimal] = mapped_column(Exact)
    percent: Mapped[Decimal] = mapped_column(Exact)
    attributes: Mapped[dict[str, str]] = mapped_column(Json)


@dataclass(frozen=True, slots=True)
class PayeeShare:
    """A payee's share of an activity, in per cent; an overlay comes on top of the shares that
    total 100 (semantics 8)."""

    payee_id: int
    percent: Decimal
    overlay: bool = False


_CONTENT_COLUMNS = (
    StoredActivity.id,
    StoredActivity.external_id,
    StoredActivity.revision,
    StoredActivity.content_hash,
    StoredActivity.kind,
    StoredActivity.occurred_at,
    StoredActivity.received_at,
    StoredActivity.amount,
    StoredActivity.currency,
    StoredActivity.quantity,
    StoredActivity.attributes,
    StoredActivity.reversed,
    StoredActivity.reversed_at,
    StoredActivity.changed_at,
)


def credits_of(payee_id: int, *, until: datetime, with_reversed: bool = False) -> list[Credit]:
    """The credits of a payee that count: not reversed, and due. The future counts when it comes.

    With `with_reversed` the reversed ones too, which say by `reversed_at` that they are.
    """
    query = _due(until).where(StoredCredit.payee_id == payee_id)
    if not with_reversed:
        query = query.where(StoredCredit.reversed_micros.is_(None))
    return [_credit(row) for row in db.session.execute(query)]


def credits_of_several(
    payee_ids: Collection[int], *, until: datetime, reversed_from: datetime | None
) -> list[tuple[int, Credit]]:
    """Whose credits that are due, and of the reversed ones those whose reversal came in from an
    instant on."""
    reversed_at = StoredCredit.reversed_micros
    came_in = NO_DATE if reversed_from is None else as_micros(reversed_from)
    query = _due(until).where(
        StoredCredit.payee_id.in_(payee_ids),
        or_(reversed_at.is_(None), reversed_at >= came_in),
    )
    return [(row.payee_id, _credit(row)) for row in db.session.execute(query)]


def credits_between(
    payee_ids: Collection[int],
    start: datetime,
    end: datetime,
    *,
    received_before: datetime | None = None,
) -> list[tuple[int, Credit]]:
    """Who did what in [start, end); with `received_before` only what was known by then."""
    query = (
        _credits()
        .where(StoredCredit.payee_id.in_(payee_ids), StoredCredit.reversed_micros.is_(None))
        .where(StoredCredit.occurred_micros >= as_micros(start))
        .where(StoredCredit.occurred_micros < as_micros(end))
    )
    if received_before is not None:
        query = query.where(StoredCredit.received_micros < as_micros(received_before))
    return [(row.payee_id, _credit(row)) for row in db.session.execute(query)]


def payees_with_due(
    session: Session, payee_ids: Collection[int], since: datetime, until: datetime
) -> set[int]:
    """Which of these have activities that were dated ahead when they came in, and came due in
    [since, until)."""
    rows = Driver(session).rows_in_parts(
        "SELECT DISTINCT payee_id FROM credit WHERE payee_id IN :ids "
        "AND occurred_micros >= ? AND occurred_micros < ? AND received_micros <= occurred_micros",
        as_micros(since),
        as_micros(until),
        ids=payee_ids,
    )
    return {payee_id for (payee_id,) in rows}


def _due(until: datetime) -> Any:
    """Also what had happened when it came in, whatever the clock of this machine says."""
    occurred = StoredCredit.occurred_micros
    return _credits().where(
        or_(occurred < as_micros(until), occurred < StoredCredit.received_micros)
    )


def _credits() -> Any:
    # As rows, not as objects: there may be thousands.
    return select(*StoredCredit.__table__.columns)


def _credit(row: Any) -> Credit:
    return Credit(
        activity_id=row.activity_id,
        source=row.source,
        external_id=row.external_id,
        kind=row.kind,
        occurred_at=from_micros(row.occurred_micros),
        received_at=from_micros(row.received_micros),
        amount=part_of(row.amount or Decimal(0), row.percent),
        currency=row.currency,
        quantity=part_of(row.quantity, row.percent),
        attributes=row.attributes,
        overlay=row.overlay,
        reversed_at=None if row.reversed_micros is None else from_micros(row.reversed_micros),
    )


def by_external_ids(session: Session, source: str, external_ids: Sequence[str]) -> dict[str, Any]:
    """What is stored of one source, by external id, as rows that are locked until the end.

    Rows are locked in one order by everybody, and asked for in pieces every database can bind.
    """
    found: dict[str, Any] = {}
    for part in in_parts(external_ids):
        query = (
            select(*_CONTENT_COLUMNS)
            .where(
                StoredActivity.source == source,
                StoredActivity.external_id.in_(part),
            )
            .order_by(StoredActivity.id)
            .with_for_update()
        )
        found.update({row.external_id: row for row in session.execute(query)})
    return found


def shares_of(
    session: Session, activity_ids: Sequence[int]
) -> defaultdict[int, frozenset[PayeeShare]]:
    """Who shares each activity."""
    found: dict[int, set[PayeeShare]] = defaultdict(set)
    for part in in_parts(activity_ids):
        query = select(
            StoredCredit.activity_id,
            StoredCredit.payee_id,
            StoredCredit.percent,
            StoredCredit.overlay,
        ).where(StoredCredit.activity_id.in_(part))
        for row in session.execute(query):
            share = PayeeShare(row.payee_id, row.percent, row.overlay)
            found[row.activity_id].add(share)
    return defaultdict(frozenset, {each: frozenset(shares) for each, shares in found.items()})


def activities_by_id(activity_ids: Iterable[int]) -> dict[int, StoredActivity]:
    found: dict[int, StoredActivity] = {}
    for part in in_parts(set(activity_ids)):
        query = select(StoredActivity).where(StoredActivity.id.in_(part))
        found.update({row.id: row for row in db.session.scalars(query)})
    return found


def shares_in(activity_id: int) -> list[PayeeShare]:
    """Who shares one activity, in order of their ids; overlays come last."""
    shares = shares_of(db.session(), [activity_id])[activity_id]
    return sorted(shares, key=lambda share: (share.overlay, share.payee_id))


def payees_of(activity_id: int) -> set[int]:
    return {share.payee_id for share in shares_in(activity_id)}


def content_of(said: Any, shares: Iterable[PayeeShare]) -> dict[str, Any]:
    """What an activity says, as plain values for JSON: the form in which revisions are kept."""
    parts: dict[bool, dict[str, str | None]] = {False: {}, True: {}}
    for share in shares:
        parts[share.overlay][str(share.payee_id)] = plain(share.percent)
    return {
        "kind": said.kind,
        "occurred_at": plain(said.occurred_at),
        "amount": plain(said.amount),
        "currency": said.currency,
        "quantity": plain(said.quantity),
        "attributes": said.attributes,
        "reversed": said.reversed,
        "shares": parts[False],
        "overlays": parts[True],
    }


def plain(value: Decimal | datetime | None) -> str | None:
    """A number or an instant as the one text that stands for it."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return format(value.normalize(), "f")


def newest_word(session: Session) -> datetime | None:
    """When the last activity or revision came in."""
    came_in = select(func.max(StoredActivity.received_at), func.max(StoredActivity.revised_at))
    return max(filter(None, session.execute(came_in).one()), default=None)


def count_activities() -> int:
    return db.session.scalar(select(func.count()).select_from(StoredActivity)) or 0
