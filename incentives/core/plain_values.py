"""Frozen dataclasses as values that JSON keeps without loss, and back.

Exact numbers, days and instants become texts; whole numbers, texts and nothing stay what they are.
A field that is missing in what was kept takes the default of its dataclass, so that what was kept
once can still be read when a field has come.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

_READ_FROM_TEXT: dict[Any, Callable[[str], Any]] = {
    Decimal: Decimal,
    Fraction: Fraction,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


def as_plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return format(value, "f")
        case Fraction():
            return str(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): as_plain(part) for key, part in value.items()}
        case _ if is_dataclass(value):
            return {each.name: as_plain(getattr(value, each.name)) for each in fields(value)}
        case tuple() | list():
            return [as_plain(part) for part in value]
    raise TypeError(f"{type(value).__name__} cannot be kept as JSON")


def from_plain(kind: type[T], plain: Any) -> T:
    """The value of a type that was made plain. `kind` is a dataclass with exact annotations."""
    return cast(T, _read(kind, plain))


def _read(kind: Any, plain: Any) -> Any:
    if plain is None or kind is Any:
        return plain
    if kind in _READ_FROM_TEXT:
        return _READ_FROM_TEXT[kind](plain)
    if isinstance(kind, type) and get_origin(kind) is None:
        return _read_class(kind, plain)
    origin, parts = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return _read(next(part for part in parts if part is not NoneType), plain)
    if origin is tuple and parts[-1] is not Ellipsis:
        return tuple(map(_read, parts, plain))
    if origin in (tuple, Sequence):
        return tuple(_read(parts[0], part) for part in plain)
    if origin is Mapping:
        key, value = parts
        return {key(name): _read(value, part) for name, part in plain.items()}
    raise TypeError(f"{kind} cannot be read from JSON")


def _read_class(kind: Any, plain: Any) -> Any:
    hints = _hints(kind)
    if isinstance(plain, dict):
        return kind(**{name: _read(hints[name], part) for name, part in plain.items()})
    if isinstance(plain, list):
        # A named tuple.
        return kind(*map(_read, hints.values(), plain))
    return plain


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
