"""Quotas: the goal of a payee, or of a team, for a measure in a period."""

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from incentives.extensions import db
from incentives.store.base import Base, Exact, from_millionths
from incentives.store.driver import Driver


class Quota(Base):
    """`amount` is in major units of the company's currency, or in units of the measure. A target
    incentive is in the currency of the plan that pays it."""

    __tablename__ = "quota"
    __table_args__ = (UniqueConstraint("payee_id", "measure", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    payee_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    measure: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(12))
    amount: Mapped[Decimal] = mapped_column(Exact)


class TeamQuota(Base):
    """The same for a team as a whole. It is no sum of its people's quotas, and theirs are no part
    of it."""

    __tablename__ = "team_quota"
    __table_args__ = (UniqueConstraint("team_id", "measure", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    measure: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(12))
    amount: Mapped[Decimal] = mapped_column(Exact)


def quotas_of(payee_id: int) -> dict[tuple[str, str], Decimal]:
    return quotas_of_several([payee_id]).get(payee_id, {})


def quotas_of_several(payee_ids: Collection[int]) -> dict[int, dict[tuple[str, str], Decimal]]:
    """All quotas of some payees; who has none is not in it."""
    rows = Driver(db.session()).rows_in_parts(
        "SELECT payee_id, measure, period, amount FROM quota WHERE payee_id IN :ids", ids=payee_ids
    )
    found: dict[int, dict[tuple[str, str], Decimal]] = {}
    for payee_id, measure, period, amount in rows:
        found.setdefault(payee_id, {})[measure, period] = from_millionths(amount)
    return found


def team_quotas(team_id: int) -> dict[tuple[str, str], Decimal]:
    rows = db.session.scalars(select(TeamQuota).where(TeamQuota.team_id == team_id))
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


def team_quotas_for(measure: str, period: str) -> dict[int, Decimal]:
    query = select(TeamQuota.team_id, TeamQuota.amount).where(
        TeamQuota.measure == measure, TeamQuota.period == period
    )
    return {row.team_id: row.amount for row in db.session.execute(query)}


def quota(payee_id: int, measure: str, period: str) -> Quota | None:
    query = select(Quota).where(
        Quota.payee_id == payee_id, Quota.measure == measure, Quota.period == period
    )
    return db.session.scalars(query).first()


def team_quota(team_id: int, measure: str, period: str) -> TeamQuota | None:
    query = select(TeamQuota).where(
        TeamQuota.team_id == team_id, TeamQuota.measure == measure, TeamQuota.period == period
    )
    return db.session.scalars(query).first()
