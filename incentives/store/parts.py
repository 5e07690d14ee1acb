"""Many ids, in parts that every database can bind at once."""

from collections.abc import Collection, Iterator
from typing import Any, TypeVar

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
