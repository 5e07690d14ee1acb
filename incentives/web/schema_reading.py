"""What a form drawn by `schema_form.py` sends, read back as a part of a plan document.

What is no number or no day stays as it was typed: the schemas say what to write instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, missing

from incentives.core.components import RuleField
from incentives.core.fields import ExactDecimal
from incentives.core.registry import rule_types
from incentives.web.forms import as_whole
from incentives.web.schema_form import ALWAYS_BY_ATTAINMENT, named
from incentives.web.shares import goes_by_attainment, is_share, number_text, ratio_text

MOST_ROWS = 100
_NOTHING: Any = object()


@dataclass(frozen=True, slots=True)
class SchemaReading:
    """`texts` are all that was sent, by name."""

    texts: Mapping[str, str]

    def part(self, schema: Schema, at: str, *, by_attainment: bool = False) -> dict[str, Any]:
        """What is said of a schema's fields; those left empty, or at what holds anyway, are left
        out."""
        said = {name: self._text(f"{at}-{name}") for name, _ in named(schema)}
        by_attainment = goes_by_attainment(schema, said, inherited=by_attainment)
        found = {
            name: self._value(each, name, f"{at}-{name}", by_attainment)
            for name, each in named(schema)
        }
        return {name: value for name, value in found.items() if value is not _NOTHING}

    def _value(self, each: fields.Field[Any], name: str, at: str, by_attainment: bool) -> Any:
        match each:
            case RuleField():
                return self._rule(at)
            case fields.Nested():
                is_there = each.required or self._text(at)
                part = self.part(each.schema, at, by_attainment=by_attainment)
                return part if is_there else _NOTHING
            case fields.List() if isinstance(each.inner, fields.Nested):
                return self._rows(each, each.inner.schema, at, by_attainment)
            case fields.List():
                values = [self._share(f"{at}-{n}", name, False) for n in range(self._count(at))]
                return values or _NOTHING
            case fields.Dict():
                return self._pairs(at)
            case ExactDecimal():
                return _unless_default(each, self._share(at, name, by_attainment))
            case fields.Integer():
                text = self._text(at)
                number = as_whole(text)
                return _unless_default(each, text if number is None else number)
            case fields.Raw():
                return self._compared(at)
        return _unless_default(each, self._text(at))

    def _rule(self, at: str) -> dict[str, Any]:
        kind = self._text(f"{at}-kind")
        if kind not in rule_types():
            return {"kind": kind}
        by_attainment = kind in ALWAYS_BY_ATTAINMENT
        params = self.part(rule_types()[kind].Params(), at, by_attainment=by_attainment)
        return {"kind": kind, **params}

    def _rows(self, each: fields.Field[Any], schema: Schema, at: str, by_attainment: bool) -> Any:
        rows = [
            self.part(schema, f"{at}-{number}", by_attainment=by_attainment)
            for number in range(self._count(at))
        ]
        return rows if rows or each.required else _NOTHING

    def _pairs(self, at: str) -> Any:
        """Names with a number each; what is blank on both sides is left out."""
        rows = [
            (self._text(f"{at}-{number}-key"), number_text(self._text(f"{at}-{number}-value")))
            for number in range(self._count(at))
        ]
        return {key: value for key, value in rows if key or value} or _NOTHING

    def _compared(self, at: str) -> Any:
        """A condition's value: a list of texts where it is one of several."""
        text = self._text(at)
        comparison = self._text(at.removesuffix("value") + "comparison")
        if comparison == "is_one_of":
            return [part.strip() for part in text.split(",") if part.strip()]
        return number_text(text) if comparison in ("at_least", "below") else text

    def _share(self, at: str, name: str, by_attainment: bool) -> str:
        text = number_text(self._text(at))
        return ratio_text(text) if is_share(name, by_attainment=by_attainment) else text

    def _count(self, at: str) -> int:
        text = self._text(at)
        return min(int(text), MOST_ROWS) if text.isdecimal() and len(text) < 5 else 0

    def _text(self, name: str) -> str:
        return self.texts.get(name, "").strip()


def _unless_default(each: fields.Field[Any], value: Any) -> Any:
    if value == "":
        return _NOTHING
    default = each.load_default
    if default is missing or default is None or callable(default):
        return value
    return _NOTHING if value == default or _same_number(value, default) else value


def _same_number(text: Any, default: Any) -> bool:
    try:
        return isinstance(default, Decimal) and Decimal(text) == default
    except ArithmeticError:
        return False
