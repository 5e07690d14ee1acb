"""Quotas: the goal of a payee for a measure in a period."""

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from incentives.extensions import db
from incentives.store.base import Base, Exact


class Quota(Base):
    """`amount` is in major units of the company's currency, or in units of the measure."""

    __tablename__ = "quota"
    __table_args__ = (UniqueConstraint("payee_id", "measure", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    payee_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    measure: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(12))
    amount: Mapped[Decimal] = mapped_column(Exact)


def quotas_of(payee_id: int) -> dict[tuple[str, str], Decimal]:
    rows = db.session.scalars(select(Quota).where(Quota.payee_id == payee_id))
    return {(quota.measure, quota.period): quota.amount for quota in rows}


def quotas_for(
    measure: str, period: str, payee_ids: Collection[int] | None = None
) -> dict[int, Decimal]:
    query = select(Quota.payee_id, Quota.amount).where(
        Quota.measure == measure, Quota.period == period
    )
    if payee_ids is not None:
        query = query.where(Quota.payee_id.in_(payee_ids))
    return {row.payee_id: row.amount for row in db.session.execute(query)}


def quota(payee_id: int, measure: str, period: str) -> Quota | None:
    query = select(Quota).where(
        Quota.payee_id == payee_id, Quota.measure == measure, Quota.period == period
    )
    return db.session.scalars(query).first()
