"""Many ids, in parts that every database can bind at once, or all of them bound as one."""

import json
from collections.abc import Collection, Iterator
from typing import Any, TypeVar

from sqlalchemy import BigInteger, ColumnElement, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from incentives.extensions import db

Id = TypeVar("Id", bound=Any)

_AT_ONCE = 500


def in_parts(ids: Collection[Id]) -> Iterator[list[Id]]:
    """Each id once, in order."""
    ordered = sorted(set(ids))
    for first in range(0, len(ordered), _AT_ONCE):
        yield ordered[first : first + _AT_ONCE]


def in_parts_or_all(ids: Collection[Id] | None) -> Iterator[list[Id] | None]:
    """The same; once None where nobody in particular is asked for."""
    if ids is None:
        yield None
    else:
        yield from in_parts(ids)


def is_one_of(column: InstrumentedAttribute[int], ids: Collection[int]) -> ColumnElement[bool]:
    """For a query that cannot be asked in parts, because what it finds is in order. To name each of
    ten thousand costs more than to look for them."""
    if db.engine.dialect.name == "postgresql":
        return column == any_(literal(list(ids), ARRAY(BigInteger)))
    listed = func.json_each(json.dumps(list(ids))).table_valued("value")
    return column.in_(select(listed.c.value))
