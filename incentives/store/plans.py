"""Plans, their versions as documents, and who is assigned to them when."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.core.plans import Agreement, PlanVersion, read_plan
from incentives.extensions import db
from incentives.store.base import Base, Json, UTCDateTime
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
        plan = read_plan(self.document)
        return PlanVersion(self.id, self.plan_id, self.number, self.first_day, plan)


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


def all_plans() -> Sequence[StoredPlan]:
    return db.session.scalars(select(StoredPlan).order_by(StoredPlan.name)).all()


def plan_by_slug(slug: str) -> StoredPlan | None:
    return db.session.scalars(select(StoredPlan).where(StoredPlan.slug == slug)).first()


def plan_version(version_id: int) -> StoredPlanVersion | None:
    return db.session.get(StoredPlanVersion, version_id)


def assignments_of_plan(plan_id: int) -> Sequence[Assignment]:
    query = select(Assignment).where(Assignment.plan_id == plan_id)
    return db.session.scalars(query.order_by(Assignment.payee_id)).unique().all()


def agreements_of(payee_id: int) -> list[Agreement]:
    """What a payee has agreed to, for the engine."""
    query = select(Assignment).where(Assignment.payee_id == payee_id).order_by(Assignment.id)
    return [
        Agreement(
            tuple(version.core for version in assignment.plan.versions),
            assignment.first_day,
            assignment.end_day,
        )
        for assignment in db.session.scalars(query).unique()
    ]


def agreements_by_plan(
    payee_ids: Collection[int] | None = None,
) -> dict[tuple[int, int], list[Agreement]]:
    """What payees have agreed to, by (payee, plan): all of them, or some."""
    columns = (Assignment.payee_id, Assignment.plan_id, Assignment.first_day, Assignment.end_day)
    query = select(*columns).order_by(Assignment.id)
    if payee_ids is not None:
        query = query.where(Assignment.payee_id.in_(payee_ids))
    versions = _versions_by_plan()
    found: dict[tuple[int, int], list[Agreement]] = {}
    for row in db.session.execute(query):
        agreement = Agreement(versions[row.plan_id], row.first_day, row.end_day)
        found.setdefault((row.payee_id, row.plan_id), []).append(agreement)
    return found


def _versions_by_plan() -> dict[int, tuple[PlanVersion, ...]]:
    """Each document is read once, however many are assigned to it."""
    query = select(StoredPlanVersion).order_by(StoredPlanVersion.number)
    found: dict[int, list[PlanVersion]] = {}
    for stored in db.session.scalars(query):
        found.setdefault(stored.plan_id, []).append(stored.core)
    return {plan_id: tuple(versions) for plan_id, versions in found.items()}


def version_labels() -> dict[int, str]:
    """How each plan version is called beside a line: Field Sales v3."""
    query = select(StoredPlanVersion.id, StoredPlanVersion.number, StoredPlan.name).join(
        StoredPlan, StoredPlan.id == StoredPlanVersion.plan_id
    )
    return {row.id: f"{row.name} v{row.number}" for row in db.session.execute(query)}
