"""The append-only ledger of points, badges and money (semantics 22 to 25): its tables, and what
pages read of it. `store/posting.py` appends to it.

The database itself refuses to update or delete a line; see the migration that makes the triggers.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    LargeBinary,
    Select,
    String,
    Text,
    UniqueConstraint,
    and_,
    select,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from incentives.core.posting import reason_of
from incentives.core.results import BADGE, MONEY
from incentives.core.working import Working, read_working
from incentives.extensions import db
from incentives.store.base import Base, BigId, Json, UTCDateTime, code
from incentives.store.driver import Driver


class EarningComponent(Base):
    """What a line was earned by: a component of a plan, the prizes of a contest, or adjustments.

    `currency` is that of its money; None for points and badges. Adjustments are no component of
    the plan with whose pay they are paid, `adjusts_plan_id`: no calculation touches them.
    """

    __tablename__ = "component"
    __table_args__ = (
        UniqueConstraint("plan_id", "key"),
        UniqueConstraint("contest_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    adjusts_plan_id: Mapped[int | None] = mapped_column(index=True, unique=True)
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    yields: Mapped[str] = mapped_column(String(10))
    currency: Mapped[str | None] = mapped_column(String(3))

    @property
    def is_adjustment(self) -> bool:
        return self.plan_id is None and self.contest_id is None


class LineTerms(Base):
    """What many lines have in common, said once: `content` is the table that paid, its scale, and
    quota, rate or gate where they had a say. Never changed; the same content is the same terms."""

    __tablename__ = "line_terms"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    component_id: Mapped[int] = mapped_column(ForeignKey("component.id"))
    plan_version_id: Mapped[int | None] = mapped_column(ForeignKey("plan_version.id"))
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class Posting(Base):
    """What was posted to a payee at one moment: `lines` lines from `first_sequence` on.

    `hash` is over all of them and the payee's posting before, so that a change shows; `checks` says
    in which line (see `store/posting_hash.py`).
    """

    __tablename__ = "posting"
    __table_args__ = ({"sqlite_with_rowid": False},)

    payee_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    posted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    first_sequence: Mapped[int]
    lines: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    checks: Mapped[bytes] = mapped_column(LargeBinary)


class PostedLine(Base):
    """One line: `amount` is whole points, whole minor units of `currency`, or badges.

    Lines about the same subject (payee, component, activity, origin period, aspect) sum to what the
    payee has. `sequence` is the line's place in all that was posted to the payee; `amends` is that
    of the line it corrects, 0 where it is the first about its subject. So the primary key keeps two
    recalculations from correcting the same line. A line that pays for a whole period is about
    activity 0; one that withdraws what was posted has no `steps`, and explains nothing.

    There are no foreign keys: lines come by the million, and what they point to is never deleted.
    """

    __tablename__ = "posted_line"
    __table_args__ = ({"sqlite_with_rowid": False},)

    payee_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    component_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    activity_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    origin_period: Mapped[str] = mapped_column(code(12), primary_key=True)
    # With a number, earned-2, where two assignments or two versions each pay for one period.
    aspect: Mapped[str] = mapped_column(code(14), primary_key=True)
    amends: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    period: Mapped[str] = mapped_column(String(12))
    day: Mapped[date]
    amount: Mapped[int] = mapped_column(BigInteger)
    terms_id: Mapped[int] = mapped_column(BigInteger)
    steps: Mapped[str | None] = mapped_column(Text)

    component: Mapped[EarningComponent] = relationship(
        primaryjoin=lambda: PostedLine.component_id == EarningComponent.id,
        foreign_keys=component_id,
        lazy="selectin",
        viewonly=True,
    )
    terms: Mapped[LineTerms] = relationship(
        primaryjoin=lambda: PostedLine.terms_id == LineTerms.id,
        foreign_keys=terms_id,
        lazy="selectin",
        viewonly=True,
    )
    posting: Mapped[Posting] = relationship(
        primaryjoin=lambda: and_(
            PostedLine.payee_id == Posting.payee_id,
            PostedLine.sequence >= Posting.first_sequence,
            PostedLine.sequence < Posting.first_sequence + Posting.lines,
        ),
        foreign_keys=payee_id,
        viewonly=True,
    )

    @hybrid_property
    def yields(self) -> str:
        return self.component.yields

    @yields.inplace.expression
    @classmethod
    def _yields(cls) -> Any:
        query = select(EarningComponent.yields).where(EarningComponent.id == cls.component_id)
        return query.scalar_subquery()

    @property
    def currency(self) -> str | None:
        return self.component.currency

    @property
    def plan_version_id(self) -> int | None:
        return self.terms.plan_version_id

    @property
    def posted_at(self) -> datetime:
        return self.posting.posted_at

    @property
    def reason(self) -> str:
        """Why the line was posted, in one of the words of `core/posting.py`."""
        return reason_of(
            self.aspect.partition("-")[0],
            amends=self.amends,
            is_late=self.period != self.origin_period,
            is_withdrawn=self.steps is None,
        )

    @cached_property
    def working(self) -> Working:
        """What explains the line; nothing does where it withdraws another."""
        if self.steps is None:
            return Working()
        return read_working(self.terms.content, self.steps)


def plan_components(session: Session, plan_ids: Collection[int]) -> dict[tuple[int, str], int]:
    query = select(EarningComponent).where(EarningComponent.plan_id.in_(plan_ids))
    return {(c.plan_id or 0, c.key): c.id for c in session.scalars(query)}


def all_plan_components(session: Session) -> dict[tuple[int, str], int]:
    rows = Driver(session).rows("SELECT plan_id, key, id FROM component WHERE plan_id IS NOT NULL")
    return {(plan_id, key): component_id for plan_id, key, component_id in rows}


def components_of_plan(plan_id: int) -> dict[str, int]:
    """Component ids by key."""
    query = select(EarningComponent.key, EarningComponent.id)
    rows = db.session.execute(query.where(EarningComponent.plan_id == plan_id))
    return {row.key: row.id for row in rows}


def components_that_yield(yields: str) -> Sequence[EarningComponent]:
    return db.session.scalars(
        select(EarningComponent).where(EarningComponent.yields == yields)
    ).all()


def that_yield(yields: Collection[str]) -> Select[int]:
    """The ids of the components that give these: few, and known before any line is looked at."""
    return select(EarningComponent.id).where(EarningComponent.yields.in_(yields))


def lines_of(
    payee_id: int, periods: Collection[str], yields: Collection[str]
) -> Sequence[PostedLine]:
    """A payee's lines in some periods, in the order they were posted."""
    query = (
        select(PostedLine)
        .where(PostedLine.payee_id == payee_id, PostedLine.period.in_(periods))
        .where(PostedLine.component_id.in_(that_yield(yields)))
        .order_by(PostedLine.sequence)
    )
    return db.session.scalars(query).all()


def lines_from(
    payee_id: int, origin_periods: Collection[str], yields: Collection[str]
) -> Sequence[PostedLine]:
    """A payee's lines that belong to some periods, whenever they were posted, in that order."""
    query = (
        select(PostedLine)
        .where(PostedLine.payee_id == payee_id, PostedLine.origin_period.in_(origin_periods))
        .where(PostedLine.component_id.in_(that_yield(yields)))
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


def pay_periods(payee_id: int | None = None) -> list[str]:
    """The periods in which money was posted, newest first."""
    query = (
        select(PostedLine.period).where(PostedLine.component_id.in_(that_yield([MONEY]))).distinct()
    )
    if payee_id is not None:
        query = query.where(PostedLine.payee_id == payee_id)
    return sorted(db.session.scalars(query), reverse=True)


def pay_lines(period: str) -> Sequence[PostedLine]:
    """Every line of money in a period, by payee in the order they were posted."""
    query = (
        select(PostedLine)
        .where(PostedLine.period == period)
        .where(PostedLine.component_id.in_(that_yield([MONEY])))
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
    working: Working


def badges(payee_id: int | None = None) -> list[BadgeHeld]:
    """Badges that are held now: revoked ones sum to nothing and are left out."""
    query = (
        select(PostedLine)
        .where(PostedLine.component_id.in_(that_yield([BADGE])))
        .order_by(PostedLine.payee_id, PostedLine.sequence)
    )
    if payee_id is not None:
        query = query.where(PostedLine.payee_id == payee_id)
    held: dict[tuple[int, int, int], tuple[int, PostedLine]] = {}
    for line in db.session.scalars(query):
        key = (line.payee_id, line.component_id, line.activity_id)
        count, newest = held.get(key, (0, line))
        # What says why it was won is never the line that takes it back.
        held[key] = count + line.amount, line if line.amount > 0 else newest
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
