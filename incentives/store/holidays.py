"""Holidays: days on which the company does not work."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from incentives.extensions import db
from incentives.store.base import Base
from incentives.store.driver import Driver, as_day


class Holiday(Base):
    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), default="")


def all_holidays() -> Sequence[Holiday]:
    return db.session.scalars(select(Holiday).order_by(Holiday.day)).all()


def holidays() -> frozenset[date]:
    """Every holiday of the company, for sums and paces."""
    rows = Driver(db.session()).rows("SELECT day FROM holiday")
    return frozenset(as_day(day) for (day,) in rows)
