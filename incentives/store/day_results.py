"""Day results: what every payee did on every day, in every measure. Boards are sums of these."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Select,
    String,
    bindparam,
    delete,
    insert,
    select,
)
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


@dataclass(frozen=True, slots=True)
class DayChanges:
    """What must be written so that a payee's stored days are as calculated."""

    written: list[DayResult]
    gone: list[tuple[str, date]]


def changes_for(payee_id: int, results: Sequence[DayResult]) -> DayChanges:
    """Compare a payee's calculated days with the stored ones."""
    stored = {
        (result.measure, result.day): result
        for result in _read(select(*_COLUMNS).where(StoredDayResult.payee_id == payee_id))
    }
    wanted = {(result.measure, result.day): result for result in results}
    return DayChanges(
        written=[result for key, result in wanted.items() if stored.get(key) != result],
        gone=sorted(stored.keys() - wanted.keys()),
    )


def write_changes(session: Session, payee_id: int, changes: DayChanges) -> None:
    keys = [*changes.gone, *((result.measure, result.day) for result in changes.written)]
    if keys:
        # One statement for all: the first calculation of a payee writes hundreds of days.
        gone = [{"payee": payee_id, "of": measure, "on": day} for measure, day in keys]
        session.connection().execute(_DELETE, gone)
    if changes.written:
        session.execute(insert(StoredDayResult), [asdict(result) for result in changes.written])


_DELETE = delete(StoredDayResult).where(
    StoredDayResult.payee_id == bindparam("payee"),
    StoredDayResult.measure == bindparam("of"),
    StoredDayResult.day == bindparam("on"),
)


def day_results(
    measures: Collection[str], period: Period, payee_ids: Collection[int] | None = None
) -> list[DayResult]:
    query = select(*_COLUMNS).where(
        StoredDayResult.measure.in_(measures),
        StoredDayResult.day >= period.first_day,
        StoredDayResult.day < period.end_day,
    )
    if payee_ids is not None:
        query = query.where(StoredDayResult.payee_id.in_(payee_ids))
    return _read(query)


_COLUMNS = (
    StoredDayResult.payee_id,
    StoredDayResult.measure,
    StoredDayResult.day,
    StoredDayResult.value,
    StoredDayResult.raised_at,
)


def _read(query: Select[int, str, date, Decimal, int]) -> list[DayResult]:
    return [DayResult(*row) for row in db.session.execute(query)]
