"""The one company of this deployment."""

from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from incentives.core.calendar import Calendar
from incentives.extensions import db
from incentives.store.base import Base


class Company(Base):
    __tablename__ = "company"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(60))
    currency: Mapped[str] = mapped_column(String(3))
    fiscal_start_month: Mapped[int] = mapped_column(default=1)

    @property
    def calendar(self) -> Calendar:
        return Calendar(ZoneInfo(self.time_zone), self.fiscal_start_month)


def the_company() -> Company:
    """The company. There is one as soon as the schema is there: migrations make it."""
    return db.session.scalars(select(Company)).one()
