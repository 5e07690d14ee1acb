"""Day results: what every payee did on every day, in every measure. Boards are sums of these."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from incentives.core.calendar import Period
from incentives.core.day_results import DayTotals
from incentives.core.measures import DayResult
from incentives.extensions import db
from incentives.store.base import Base, Exact
from incentives.store.driver import Driver, as_day


class StoredDayResult(Base):
    """`value` is exact to a millionth; `raised_at` is in microseconds since 1970."""

    __tablename__ = "day_result"
    __table_args__ = (
        Index("ix_day_result_measure_day", "measure", "day"),
        {"sqlite_with_rowid": False},
    )

    payee_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    measure: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[Decimal] = mapped_column(Exact)
    raised_at: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True, slots=True)
class _DayChanges:
    """What must go and what must be written so that a payee's stored days are as calculated."""

    payee_id: int
    gone: list[tuple[str, date]]
    written: DayTotals


def write_days(session: Session, totals: Mapping[int, DayTotals]) -> None:
    """Bring the stored days of payees to what was calculated; only what differs is written."""
    if totals:
        _write(session, _all_changes(session, totals))


def _all_changes(session: Session, totals: Mapping[int, DayTotals]) -> list[_DayChanges]:
    stored: dict[int, DayTotals] = {payee_id: {} for payee_id in totals}
    rows = Driver(session).rows_in_parts(
        "SELECT payee_id, measure, day, value, raised_at FROM day_result WHERE payee_id IN :ids",
        ids=totals.keys(),
    )
    for payee_id, measure, day, value, raised_at in rows:
        stored[payee_id][measure, as_day(day)] = value, raised_at
    return [_changes(payee_id, wanted, stored[payee_id]) for payee_id, wanted in totals.items()]


def _changes(payee_id: int, wanted: DayTotals, stored: DayTotals) -> _DayChanges:
    return _DayChanges(
        payee_id,
        gone=sorted(key for key, total in stored.items() if wanted.get(key) != total),
        written={key: total for key, total in wanted.items() if stored.get(key) != total},
    )


def _write(session: Session, changes: Collection[_DayChanges]) -> None:
    """One statement for all: the first calculation of a payee writes hundreds of days."""
    driver = Driver(session)
    gone = [
        (each.payee_id, measure, day.isoformat()) for each in changes for measure, day in each.gone
    ]
    if gone:
        driver.run_many(
            "DELETE FROM day_result WHERE payee_id = ? AND measure = ? AND day = ?", gone
        )
    columns = ("payee_id", "measure", "day", "value", "raised_at")
    driver.append(
        "day_result",
        columns,
        (
            (each.payee_id, measure, day.isoformat(), *total)
            for each in changes
            for (measure, day), total in each.written.items()
        ),
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
