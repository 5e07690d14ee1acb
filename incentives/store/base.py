"""Column types and naming shared by every table."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from incentives.core.money import EXACT

# SQLite makes only INTEGER PRIMARY KEY columns count up by themselves.
BigId = BigInteger().with_variant(Integer, "sqlite")


def code(length: int) -> String:
    """A text that is compared byte by byte on both databases, whatever the language is set to."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Always aware and in UTC, on SQLite too, which forgets the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        assert value.tzinfo is not None, "a naive time never reaches the store"
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """A Decimal of at most six decimals, kept as a whole number.

    SQLite would keep NUMERIC as a float and lose digits without a word.
    """

    impl = BigInteger
    cache_ok = True
    scale = 6

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        return _whole(Decimal(value), self.scale)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else trimmed(Decimal(value).scaleb(-self.scale))


class Fine(Exact):
    """The same with at most ten decimals, for exchange rates: below 100 million."""

    cache_ok = True
    scale = 10


class Json(TypeDecorator[Any]):
    """A JSON value as text with sorted keys, so that both databases hold the same bytes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def to_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def to_millionths(value: Decimal) -> int:
    """A number as `Exact` keeps it, where it is written without SQLAlchemy."""
    return _whole(value, Exact.scale)


def _whole(value: Decimal, decimals: int) -> int:
    """A number over a power of ten. Raises ValueError where a digit would be lost."""
    scaled = value.scaleb(decimals, EXACT)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{value} has more than {decimals} decimals")
    return int(scaled)


def from_millionths(value: int) -> Decimal:
    """A number that `Exact` keeps, where it was read without SQLAlchemy."""
    return trimmed(Decimal(value).scaleb(-Exact.scale))


def from_micros(micros: int) -> datetime:
    """The instant of so many whole microseconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)


def trimmed(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent: 4140.000000 is 4140."""
    return Decimal(format(value, "f").rstrip("0").rstrip(".")) if value else Decimal(0)
