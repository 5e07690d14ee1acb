"""The append-only ledger of points, badges and money (semantics 22 to 25).

The database itself refuses to update or delete a line; see the migration that makes the triggers.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from incentives.extensions import db
from incentives.store.base import Base, Json, UTCDateTime, to_json


class EarningComponent(Base):
    """What a line was earned by: a component of a plan, or the prizes of a contest."""

    __tablename__ = "component"
    __table_args__ = (
        UniqueConstraint("plan_id", "key"),
        UniqueConstraint("contest_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    yields: Mapped[str] = mapped_column(String(10))


class PostedLine(Base):
    """One line: `amount` is whole points, whole minor units of `currency`, or badges.

    Lines about the same thing (payee, component, activity, origin period) are numbered by `entry`;
    their amounts sum to what the payee has. The unique constraint keeps two recalculations from
    posting the same entry. `hash` chains a payee's lines, so that a change shows.
    """

    __tablename__ = "posted_line"
    __table_args__ = (
        UniqueConstraint("payee_id", "component_id", "activity_id", "origin_period", "entry"),
        Index("ix_posted_line_period_yields", "period", "yields"),
    )

    payee_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    component_id: Mapped[int] = mapped_column(ForeignKey("component.id"))
    activity_id: Mapped[int] = mapped_column(BigInteger)
    origin_period: Mapped[str] = mapped_column(String(12))
    entry: Mapped[int]
    period: Mapped[str] = mapped_column(String(12))
    day: Mapped[date]
    yields: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    plan_version_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"))
    working: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(String(40))
    amends: Mapped[int | None]
    posted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    hash: Mapped[str] = mapped_column(String(64))

    component: Mapped[EarningComponent] = relationship(lazy="joined")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a line is about, for one payee."""

    component_id: int
    activity_id: int
    origin_period: str


@dataclass(frozen=True, slots=True)
class Held:
    """What is posted so far about a subject: its sum and its last line."""

    amount: int
    currency: str | None
    day: date
    entry: int
    sequence: int
    plan_version_id: int | None
    working: dict[str, Any]
    yields: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A line before it has its place in the payee's chain."""

    subject: Subject
    entry: int
    day: date
    yields: str
    amount: int
    currency: str | None
    plan_version_id: int | None
    working: dict[str, Any]
    reason: str
    amends: int | None


def append_lines(
    session: Session, payee_id: int, drafts: Sequence[Draft], *, now: datetime
) -> None:
    """Add lines to the end of a payee's chain. The caller holds the payee's lock."""
    last, chain = last_line(session, payee_id)
    rows = []
    for sequence, draft in enumerate(drafts, start=last + 1):
        row = {
            "payee_id": payee_id,
            "sequence": sequence,
            "component_id": draft.subject.component_id,
            "activity_id": draft.subject.activity_id,
            "origin_period": draft.subject.origin_period,
            "entry": draft.entry,
            "period": draft.subject.origin_period,
            "day": draft.day,
            "yields": draft.yields,
            "amount": draft.amount,
            "currency": draft.currency,
            "plan_version_id": draft.plan_version_id,
            "working": draft.working,
            "reason": draft.reason,
            "amends": draft.amends,
            "posted_at": now,
        }
        chain = line_hash(chain, row)
        rows.append({**row, "hash": chain})
    if rows:
        session.execute(insert(PostedLine), rows)


def line_hash(previous: str, row: Mapping[str, Any]) -> str:
    """The hash of a line, by its columns, over the hash of the payee's line before it."""
    said = {
        **{name: value for name, value in row.items() if name != "hash"},
        "day": row["day"].isoformat(),
        "posted_at": row["posted_at"].isoformat(),
        "previous": previous,
    }
    return hashlib.sha256(to_json(said).encode()).hexdigest()


def last_line(session: Session, payee_id: int) -> tuple[int, str]:
    """The sequence and hash of a payee's newest line; (0, "") before the first."""
    query = (
        select(PostedLine.sequence, PostedLine.hash)
        .where(PostedLine.payee_id == payee_id)
        .order_by(PostedLine.sequence.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    return (row.sequence, row.hash) if row else (0, "")


def held_by(session: Session, payee_id: int, component_ids: Collection[int]) -> dict[Subject, Held]:
    """What a payee has been posted, by subject, in the components of one origin."""
    if not component_ids:
        return {}
    columns = (
        PostedLine.component_id,
        PostedLine.activity_id,
        PostedLine.origin_period,
        PostedLine.amount,
        PostedLine.currency,
        PostedLine.day,
        PostedLine.entry,
        PostedLine.sequence,
        PostedLine.plan_version_id,
        PostedLine.working,
        PostedLine.yields,
    )
    query = (
        select(*columns)
        .where(PostedLine.payee_id == payee_id, PostedLine.component_id.in_(component_ids))
        .order_by(PostedLine.sequence)
    )
    held: dict[Subject, Held] = {}
    for row in session.execute(query):
        subject = Subject(row.component_id, row.activity_id, row.origin_period)
        before = held[subject].amount if subject in held else 0
        held[subject] = Held(
            before + row.amount,
            row.currency,
            row.day,
            row.entry,
            row.sequence,
            row.plan_version_id,
            row.working,
            row.yields,
        )
    return held


def plan_components(session: Session, plan_ids: Collection[int]) -> dict[tuple[int, str], int]:
    query = select(EarningComponent).where(EarningComponent.plan_id.in_(plan_ids))
    return {(c.plan_id or 0, c.key): c.id for c in session.scalars(query)}


def all_plan_components(session: Session) -> dict[tuple[int, str], int]:
    query = select(EarningComponent).where(EarningComponent.plan_id.is_not(None))
    return {(c.plan_id or 0, c.key): c.id for c in session.scalars(query)}


def components_of_plan(plan_id: int) -> dict[str, int]:
    """Component ids by key."""
    query = select(EarningComponent.key, EarningComponent.id)
    rows = db.session.execute(query.where(EarningComponent.plan_id == plan_id))
    return {row.key: row.id for row in rows}


def lines_of(payee_id: int, period: str, yields: Collection[str]) -> Sequence[PostedLine]:
    """A payee's lines in a period, in the order they were posted."""
    query = (
        select(PostedLine)
        .where(PostedLine.payee_id == payee_id, PostedLine.period == period)
        .where(PostedLine.yields.in_(yields))
        .order_by(PostedLine.sequence)
    )
    return db.session.scalars(query).all()


def lines_about(payee_id: int, activity_id: int) -> Sequence[PostedLine]:
    query = (
        select(PostedLine)
        .where(PostedLine.payee_id == payee_id, PostedLine.activity_id == activity_id)
        .order_by(PostedLine.sequence)
    )
    return db.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class PayTotal:
    payee_id: int
    component_id: int
    component: str
    is_prize: bool
    amount_minor: int
    currency: str


def pay_totals(period: str, payee_ids: Collection[int] | None = None) -> list[PayTotal]:
    """Money by payee and component in a period: sums of posted lines, so everything foots."""
    query = (
        select(
            PostedLine.payee_id,
            EarningComponent.id,
            EarningComponent.name,
            EarningComponent.contest_id,
            PostedLine.currency,
            func.sum(PostedLine.amount).label("amount"),
        )
        .join(EarningComponent, EarningComponent.id == PostedLine.component_id)
        .where(PostedLine.period == period, PostedLine.yields == "money")
        .group_by(
            PostedLine.payee_id,
            EarningComponent.id,
            EarningComponent.name,
            EarningComponent.contest_id,
            PostedLine.currency,
        )
        .order_by(PostedLine.payee_id, EarningComponent.id, PostedLine.currency)
    )
    if payee_ids is not None:
        query = query.where(PostedLine.payee_id.in_(payee_ids))
    return [
        PayTotal(
            row.payee_id,
            row.id,
            row.name,
            row.contest_id is not None,
            int(row.amount),
            row.currency or "",
        )
        for row in db.session.execute(query)
    ]


def pay_periods(payee_id: int | None = None) -> list[str]:
    """The periods in which money was posted, newest first."""
    query = select(PostedLine.period).where(PostedLine.yields == "money").distinct()
    if payee_id is not None:
        query = query.where(PostedLine.payee_id == payee_id)
    return sorted(db.session.scalars(query), reverse=True)


def pay_by_period(payee_id: int) -> dict[tuple[str, str], int]:
    """A payee's money by (period, currency), in minor units: sums of posted lines."""
    query = (
        select(PostedLine.period, PostedLine.currency, func.sum(PostedLine.amount).label("amount"))
        .where(PostedLine.payee_id == payee_id, PostedLine.yields == "money")
        .group_by(PostedLine.period, PostedLine.currency)
    )
    return {(row.period, row.currency or ""): int(row.amount) for row in db.session.execute(query)}


def pay_lines(period: str) -> Sequence[PostedLine]:
    """Every line of money in a period, by payee in the order they were posted."""
    query = (
        select(PostedLine)
        .where(PostedLine.period == period, PostedLine.yields == "money")
        .order_by(PostedLine.payee_id, PostedLine.sequence)
    )
    return db.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class BadgeHeld:
    payee_id: int
    component_id: int
    name: str
    key: str
    plan_id: int
    activity_id: int
    day: date
    count: int
    working: dict[str, Any]


def badges(payee_id: int | None = None) -> list[BadgeHeld]:
    """Badges that are held now: revoked ones sum to nothing and are left out."""
    query = (
        select(PostedLine)
        .where(PostedLine.yields == "badge")
        .order_by(PostedLine.payee_id, PostedLine.sequence)
    )
    if payee_id is not None:
        query = query.where(PostedLine.payee_id == payee_id)
    held: dict[tuple[int, int, int, str], tuple[int, PostedLine]] = {}
    for line in db.session.scalars(query):
        key = (line.payee_id, line.component_id, line.activity_id, line.origin_period)
        held[key] = held.get(key, (0, line))[0] + line.amount, line
    return [
        BadgeHeld(
            line.payee_id,
            line.component_id,
            line.component.name,
            line.component.key,
            line.component.plan_id or 0,
            line.activity_id,
            line.day,
            count,
            line.working,
        )
        for count, line in held.values()
        if count > 0
    ]


@dataclass(frozen=True, slots=True)
class PointsEarned:
    amount: int
    plan_version_id: int | None


def points_earned(payee_id: int, activity_ids: Sequence[int]) -> dict[int, PointsEarned]:
    """A payee's points for each of these activities, all plans together."""
    earned: dict[int, PointsEarned] = {}
    for first in range(0, len(activity_ids), 1_000):
        query = (
            select(PostedLine.activity_id, PostedLine.amount, PostedLine.plan_version_id)
            .where(PostedLine.payee_id == payee_id, PostedLine.yields == "points")
            .where(PostedLine.activity_id.in_(activity_ids[first : first + 1_000]))
            .order_by(PostedLine.sequence)
        )
        for row in db.session.execute(query):
            before = earned[row.activity_id].amount if row.activity_id in earned else 0
            earned[row.activity_id] = PointsEarned(before + row.amount, row.plan_version_id)
    return earned
