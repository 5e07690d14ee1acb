"""The one company of this deployment."""

from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from incentives.core.calendar import Calendar
from incentives.core.fiscal_years import NEAREST, SATURDAY, START, FiscalYears
from incentives.extensions import db
from incentives.store.base import Base
from incentives.store.driver import Driver


class Company(Base):
    __tablename__ = "company"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(60))
    currency: Mapped[str] = mapped_column(String(3))
    fiscal_start_month: Mapped[int] = mapped_column(default=1)
    year_named_after: Mapped[str] = mapped_column(String(5), default=START)
    weeks_pattern: Mapped[str | None] = mapped_column(String(5))
    year_ends_on: Mapped[int] = mapped_column(default=SATURDAY)
    year_end_rule: Mapped[str] = mapped_column(String(7), default=NEAREST)

    @property
    def years(self) -> FiscalYears:
        return FiscalYears(
            self.fiscal_start_month,
            self.year_named_after,
            self.weeks_pattern,
            self.year_ends_on,
            self.year_end_rule,
        )

    @years.setter
    def years(self, years: FiscalYears) -> None:
        (
            self.fiscal_start_month,
            self.year_named_after,
            self.weeks_pattern,
            self.year_ends_on,
            self.year_end_rule,
        ) = years

    @property
    def calendar(self) -> Calendar:
        return _calendar(self.time_zone, self.years)


# What a calendar has worked out, it keeps.
@lru_cache(maxsize=8)
def _calendar(time_zone: str, years: FiscalYears) -> Calendar:
    return Calendar(ZoneInfo(time_zone), *years)


def calendar_and_currency(session: Session) -> tuple[Calendar, str]:
    """What every calculation asks of the company, without the object that pages show."""
    rows = Driver(session).rows(
        "SELECT time_zone, currency, fiscal_start_month, year_named_after, weeks_pattern, "
        "year_ends_on, year_end_rule FROM company"
    )
    time_zone, currency, *years = rows[0]
    return _calendar(time_zone, FiscalYears(*years)), currency


def keep_people_as_they_are(session: Session) -> None:
    """Let nobody else change people and teams until the transaction ends: what was looked at before
    a change, such as who is in which team, still holds when it is written. SQLite has one writer
    anyway."""
    session.scalars(select(Company.id).with_for_update()).one()


def the_company() -> Company:
    """The company. There is one as soon as the schema is there: migrations make it."""
    return db.session.scalars(select(Company)).one()
