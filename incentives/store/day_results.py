"""Day results: what every payee did on every day, in every measure. Boards are sums of these."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from incentives.core.calendar import Period
from incentives.core.measures import DayResult
from incentives.extensions import db
from incentives.store.base import Base, Exact


class StoredDayResult(Base):
    __tablename__ = "day_result"
    __table_args__ = (Index("ix_day_result_measure_day", "measure", "day"),)

    payee_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[Decimal] = mapped_column(Exact)
    raised_at: Mapped[int] = mapped_column(BigInteger)


def replace_for(session: Session, payee_id: int, results: Sequence[DayResult]) -> None:
    """Bring a payee's stored days to these, writing only what differs."""
    query = select(StoredDayResult).where(StoredDayResult.payee_id == payee_id)
    stored = {(row.measure, row.day): row for row in session.scalars(query)}
    wanted = {(result.measure, result.day): result for result in results}
    for key, result in wanted.items():
        row = stored.get(key)
        if row is None:
            session.add(
                StoredDayResult(
                    payee_id=payee_id,
                    measure=result.measure,
                    day=result.day,
                    value=result.value,
                    raised_at=result.raised_at,
                )
            )
        elif (row.value, row.raised_at) != (result.value, result.raised_at):
            row.value, row.raised_at = result.value, result.raised_at
    for measure, day in stored.keys() - wanted.keys():
        session.execute(
            delete(StoredDayResult).where(
                StoredDayResult.payee_id == payee_id,
                StoredDayResult.measure == measure,
                StoredDayResult.day == day,
            )
        )


def day_results(
    measures: Collection[str], period: Period, payee_ids: Collection[int] | None = None
) -> list[DayResult]:
    query = select(
        StoredDayResult.payee_id,
        StoredDayResult.measure,
        StoredDayResult.day,
        StoredDayResult.value,
        StoredDayResult.raised_at,
    ).where(
        StoredDayResult.measure.in_(measures),
        StoredDayResult.day >= period.first_day,
        StoredDayResult.day < period.end_day,
    )
    if payee_ids is not None:
        query = query.where(StoredDayResult.payee_id.in_(payee_ids))
    return [DayResult(*row) for row in db.session.execute(query)]
