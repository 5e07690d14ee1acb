"""Exchange rates: what was set, and what it said before. Nothing set is changed or deleted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from incentives.core.exchange import ExchangeRates, Rate
from incentives.extensions import db
from incentives.store.activities import StoredActivity, StoredCredit
from incentives.store.base import Base, Fine, UTCDateTime
from incentives.store.people import Person

# A rate holds for one pair of currencies from one day on.
RateKey = tuple[str, str, date]


class StoredRate(Base):
    """One unit of `currency` is worth `rate` of `to_currency` from `first_day` on.

    Of several for the same day the one set last holds; the others are its history.
    """

    __tablename__ = "exchange_rate"
    __table_args__ = (CheckConstraint("rate > 0", name="positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3))
    to_currency: Mapped[str] = mapped_column(String(3))
    first_day: Mapped[date]
    rate: Mapped[Decimal] = mapped_column(Fine)
    provider: Mapped[str] = mapped_column(String(60))
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)

    setter: Mapped[Person | None] = relationship(lazy="joined")


def rates_ever_set() -> Sequence[StoredRate]:
    """Every rate, in the order in which they were set."""
    query = select(StoredRate).order_by(StoredRate.set_at, StoredRate.id)
    return db.session.scalars(query).all()


def rates_in_force() -> dict[RateKey, Rate]:
    """For each pair and first day the rate that was set last."""
    # As rows, not as objects: every calculation reads them.
    query = select(
        StoredRate.currency,
        StoredRate.to_currency,
        StoredRate.first_day,
        StoredRate.rate,
        StoredRate.provider,
    ).order_by(StoredRate.set_at, StoredRate.id)
    rates = (Rate(*row) for row in db.session.execute(query))
    return {(rate.currency, rate.to, rate.first_day): rate for rate in rates}


def the_rates() -> ExchangeRates:
    return ExchangeRates(rates_in_force().values())


def payees_with(session: Session, since: Mapping[str, datetime]) -> list[int]:
    """Who is credited with an amount in one of these currencies that happened at or after the
    instant named beside it."""
    if not since:
        return []
    query = (
        select(StoredCredit.payee_id)
        .join(StoredActivity, StoredActivity.id == StoredCredit.activity_id)
        .where(
            or_(
                *(
                    (StoredActivity.currency == currency) & (StoredActivity.occurred_at >= instant)
                    for currency, instant in since.items()
                )
            )
        )
        .distinct()
    )
    return list(session.scalars(query))
