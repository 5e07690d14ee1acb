"""Plans, their versions as documents, and who is assigned to them when."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.core.plans import Agreement, Plan, PlanVersion, read_plan
from incentives.extensions import db
from incentives.store.base import Base, Json, UTCDateTime
from incentives.store.driver import Driver, as_day
from incentives.store.people import Person


class StoredPlan(Base):
    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    versions: Mapped[list["StoredPlanVersion"]] = relationship(
        back_populates="plan", order_by="StoredPlanVersion.number"
    )


class StoredPlanVersion(Base):
    """A document in force from the start of `first_day`. Never edited, only superseded."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int]
    first_day: Mapped[date]
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    document_hash: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(400), default="")
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    plan: Mapped[StoredPlan] = relationship(back_populates="versions")
    publisher: Mapped[Person | None] = relationship(lazy="joined")

    @property
    def core(self) -> PlanVersion:
        if self.document_hash not in _read:
            _read[self.document_hash] = read_plan(self.document)
        plan = _read[self.document_hash]
        return PlanVersion(self.id, self.plan_id, self.number, self.first_day, plan)


# Plans by the hash of their document. A document never changes, so each is read once.
_read: dict[str, Plan] = {}


class Assignment(Base):
    """A payee on a plan over days [first_day, end_day)."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("payee_id", "plan_id", "first_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    payee_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    first_day: Mapped[date]
    end_day: Mapped[date | None]

    payee: Mapped[Person] = relationship(lazy="joined")
    plan: Mapped[StoredPlan] = relationship(lazy="joined")

    def covers(self, day: date) -> bool:
        return self.first_day <= day and (self.end_day is None or day < self.end_day)


def all_plans() -> Sequence[StoredPlan]:
    return db.session.scalars(select(StoredPlan).order_by(StoredPlan.name)).all()


def plan_by_slug(slug: str) -> StoredPlan | None:
    return db.session.scalars(select(StoredPlan).where(StoredPlan.slug == slug)).first()


def plan_version(version_id: int) -> StoredPlanVersion | None:
    return db.session.get(StoredPlanVersion, version_id)


def payees_on(plan_ids: Collection[int]) -> set[int]:
    """Who is, was or will be on one of these plans."""
    query = select(Assignment.payee_id).where(Assignment.plan_id.in_(plan_ids))
    return set(db.session.scalars(query)) if plan_ids else set()


def assignments_of_plan(plan_id: int) -> Sequence[Assignment]:
    query = select(Assignment).where(Assignment.plan_id == plan_id)
    return db.session.scalars(query.order_by(Assignment.payee_id)).unique().all()


def agreements_of(payee_id: int) -> list[Agreement]:
    """What a payee has agreed to, for the engine."""
    return agreements_of_several([payee_id])[payee_id]


def agreements_of_several(payee_ids: Collection[int]) -> dict[int, list[Agreement]]:
    """The same of some payees, each in the order in which they agreed."""
    found: dict[int, list[Agreement]] = {payee_id: [] for payee_id in payee_ids}
    for (payee_id, _), agreements in agreements_by_plan(payee_ids).items():
        found[payee_id] += agreements
    return found


def agreements_by_plan(
    payee_ids: Collection[int] | None = None,
) -> dict[tuple[int, int], list[Agreement]]:
    """What payees have agreed to, by (payee, plan): all of them, or some."""
    driver, said = (
        Driver(db.session()),
        "SELECT payee_id, plan_id, first_day, end_day FROM assignment",
    )
    if payee_ids is None:
        rows = driver.rows(f"{said} ORDER BY id")
    else:
        rows = driver.rows_in_parts(f"{said} WHERE payee_id IN :ids ORDER BY id", ids=payee_ids)
    versions = versions_by_plan()
    found: dict[tuple[int, int], list[Agreement]] = {}
    for payee_id, plan_id, first_day, end_day in rows:
        days = as_day(first_day), None if end_day is None else as_day(end_day)
        found.setdefault((payee_id, plan_id), []).append(Agreement(versions[plan_id], *days))
    return found


def versions_by_plan() -> dict[int, tuple[PlanVersion, ...]]:
    """Every version of every plan, in order; only documents that were never read are loaded."""
    rows = Driver(db.session()).rows(
        "SELECT id, plan_id, number, first_day, document_hash FROM plan_version ORDER BY number"
    )
    new = [version_id for version_id, *_, said in rows if said not in _read]
    if new:
        unread = select(StoredPlanVersion.document_hash, StoredPlanVersion.document)
        for said, document in db.session.execute(unread.where(StoredPlanVersion.id.in_(new))):
            _read[said] = read_plan(document)
    found: dict[int, list[PlanVersion]] = {}
    for version_id, plan_id, number, first_day, said in rows:
        version = PlanVersion(version_id, plan_id, number, as_day(first_day), _read[said])
        found.setdefault(plan_id, []).append(version)
    return {plan_id: tuple(versions) for plan_id, versions in found.items()}


def version_labels() -> dict[int, str]:
    """How each plan version is called beside a line: Field Sales v3."""
    query = select(StoredPlanVersion.id, StoredPlanVersion.number, StoredPlan.name).join(
        StoredPlan, StoredPlan.id == StoredPlanVersion.plan_id
    )
    return {row.id: f"{row.name} v{row.number}" for row in db.session.execute(query)}
