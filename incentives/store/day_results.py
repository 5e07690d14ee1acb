"""Day results: what every payee did on every day, in every measure. Boards are sums of these."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import BigInteger, ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from incentives.core.calendar import Period
from incentives.core.day_results import DayTotals, days_around
from incentives.core.measures import DayResult
from incentives.extensions import db
from incentives.store.base import Base, Exact, from_millionths
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
class CalculatedDays:
    """What a payee's days should be within some calendar months; in all where those are None."""

    totals: DayTotals
    months: Collection[str] | None


# Payee, measure and day as a text: the key of a day result.
_Key = tuple[int, str, str]


def write_days(session: Session, calculated: Mapping[int, CalculatedDays]) -> None:
    """Bring the stored days of payees to what was calculated; only what differs is written."""
    if not calculated:
        return
    wanted = {
        (payee_id, measure, day.isoformat()): total
        for payee_id, each in calculated.items()
        for (measure, day), total in each.totals.items()
    }
    stored = _stored(session, calculated)
    driver = Driver(session)
    gone = [key for key, total in stored.items() if wanted.get(key) != total]
    if gone:
        driver.run_many(
            "DELETE FROM day_result WHERE payee_id = ? AND measure = ? AND day = ?", gone
        )
    # One statement for all: the first calculation of a payee writes hundreds of days.
    driver.append(
        "day_result",
        ("payee_id", "measure", "day", "value", "raised_at"),
        ((*key, *total) for key, total in wanted.items() if stored.get(key) != total),
    )


def _stored(
    session: Session, calculated: Mapping[int, CalculatedDays]
) -> dict[_Key, tuple[int, int]]:
    asked = [each.months for each in calculated.values()]
    months = None if None in asked else set().union(*(part or () for part in asked))
    first_day, end_day = days_around(months)
    rows = Driver(session).rows_in_parts(
        "SELECT payee_id, measure, CAST(day AS VARCHAR(10)), value, raised_at FROM day_result "
        "WHERE payee_id IN :ids AND day >= ? AND day < ?",
        first_day.isoformat(),
        end_day.isoformat(),
        ids=calculated.keys(),
    )
    found = {}
    for payee_id, measure, day, value, raised_at in rows:
        within = calculated[payee_id].months
        if within is None or day[:7] in within:
            found[payee_id, measure, day] = value, raised_at
    return found


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


class DayValue(NamedTuple):
    """What a payee did on a day in one measure, in millionths."""

    payee_id: int
    measure: str
    day: date
    millionths: int


def day_values(
    measures: Collection[str], period: Period, payee_ids: Collection[int]
) -> list[DayValue]:
    """Day results of some payees as whole numbers, straight from the driver."""
    driver = Driver(db.session())
    days = period.first_day.isoformat(), period.end_day.isoformat()
    return [
        DayValue(payee_id, measure, as_day(day), value)
        for measure in measures
        for payee_id, day, value in driver.rows_in_parts(
            "SELECT payee_id, day, value FROM day_result "
            "WHERE payee_id IN :ids AND measure = ? AND day >= ? AND day < ?",
            measure,
            *days,
            ids=payee_ids,
        )
    ]


def totals_by_payee(
    measures: Collection[str], period: Period, payee_ids: Collection[int] | None = None
) -> Iterator[tuple[int, str, Decimal, int]]:
    """Payee, measure, the sum over a period and when it last grew, of everybody or of some: added
    up by the database, for boards of thousands."""
    driver = Driver(db.session())
    days = period.first_day.isoformat(), period.end_day.isoformat()
    for measure in measures:
        # The database adds whole numbers, so nothing is rounded.
        if payee_ids is None:
            rows = driver.rows(_TOTALS, measure, *days)
        else:
            rows = driver.rows_in_parts(_TOTALS_OF_SOME, measure, *days, ids=payee_ids)
        for payee_id, total, raised_at in rows:
            yield payee_id, measure, from_millionths(int(total)), raised_at


_TOTALS = (
    "SELECT payee_id, SUM(value), MAX(raised_at) FROM day_result "
    "WHERE measure = ? AND day >= ? AND day < ? GROUP BY payee_id"
)
_TOTALS_OF_SOME = _TOTALS.replace("WHERE", "WHERE payee_id IN :ids AND")
_COLUMNS = (
    StoredDayResult.payee_id,
    StoredDayResult.measure,
    StoredDayResult.day,
    StoredDayResult.value,
    StoredDayResult.raised_at,
)


def _read(query: Select[int, str, date, Decimal, int]) -> list[DayResult]:
    return [DayResult(*row) for row in db.session.execute(query)]
