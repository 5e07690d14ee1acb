"""The draft of a plan: the whole document, of which one part at a time is open as a form.

The document travels with the form, so that nothing is kept on the server before it is published.
"""

import copy
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marshmallow import Schema, fields
from werkzeug.datastructures import MultiDict

from incentives.core.components import ComponentSchema, RuleField
from incentives.core.plans import PlanSchema, canonical
from incentives.core.registry import rule_types
from incentives.ingest.csv_reading import Unreadable
from incentives.ingest.plan_document import LARGEST, read_document
from incentives.operations.starter_plan import example_component, fitted_to
from incentives.web.forms import as_whole
from incentives.web.schema_form import Part, Problems, SchemaForm, fixed_length, names_in
from incentives.web.schema_reading import MOST_ROWS, SchemaReading

TERMS = "terms"
_AT = "plan"
_TERMS_SCHEMA = PlanSchema(exclude=("schema", "components"))
_COMPONENT_SCHEMA = ComponentSchema()

Document = dict[str, Any]


@dataclass
class PlanDraft:
    """`shown` is the open part: the terms, or the number of a component from 0. `base` is the
    version the draft began from, `kept` the warnings that somebody wants to keep."""

    document: Document
    shown: str = TERMS
    base: int = 0
    first_day: str = ""
    note: str = ""
    seen: str = ""
    kept: Sequence[str] = ()
    fresh: str = ""
    problems: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def sent(cls, data: MultiDict[str, str], today: date) -> "PlanDraft":
        """The draft as a form holds it, with what a button asked to do to it."""
        draft = cls(
            document=_document(data.get("document", "")),
            base=as_whole(data.get("base", "")) or 0,
            first_day=data.get("first_day", "").strip(),
            note=data.get("note", "").strip(),
            seen=data.get("seen", ""),
            kept=data.getlist("kept"),
        )
        draft._show(data.get("shown", TERMS))
        draft._take(data, today)
        draft._do(data.get("do", ""), today)
        return draft

    @property
    def components(self) -> list[Document]:
        found: list[Document] = self.document["components"]
        return found

    @property
    def place(self) -> str:
        """Where the open part stands, as the names of its fields begin."""
        return _AT if self.shown == TERMS else f"{_AT}-components-{self.shown}"

    @property
    def text(self) -> str:
        return canonical(self.document)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.document, self.first_day)

    def parts(self) -> list[Part]:
        """The open part as a form."""
        currency = str(self.document.get("currency", ""))
        if self.shown == TERMS:
            form = SchemaForm(self.problems, currency=currency, fresh=self.fresh)
            return form.parts(_TERMS_SCHEMA, self.document, self.place)
        component = self.components[int(self.shown)]
        above = [str(each.get("key", "")) for each in self.components[: int(self.shown)]]
        form = SchemaForm(
            self.problems, above, currency, str(component.get("yields", "")), self.fresh
        )
        return form.parts(_COMPONENT_SCHEMA, component, self.place)

    def refuse(self, problems: Problems) -> None:
        """Open the part where the first of the problems is, and keep them beside their fields."""
        first = next(iter(problems), "").split("-")
        self._show(first[2] if first[:2] == [_AT, "components"] and len(first) > 2 else self.shown)
        drawn = set(names_in(self.parts()))
        for name, said in problems.items():
            self.problems.setdefault(_nearest(name, drawn), []).extend(said)

    def jump(self, name: str) -> str:
        """The id of the field called so, or of the nearest part around it that is on the page."""
        if not name.startswith(f"{_AT}-"):
            return f"field-{name}"
        if name.startswith(f"{self.place}-"):
            drawn = set(names_in(self.parts()))
            return f"field-{_nearest(name, drawn)}"
        steps = name.split("-")
        in_component = steps[1] == "components" and len(steps) > 2
        return f"part-{steps[2] if in_component else TERMS}"

    def _show(self, wanted: str) -> None:
        number = as_whole(wanted)
        is_component = number is not None and number < len(self.components)
        self.shown = str(number) if is_component else TERMS

    def _take(self, data: Mapping[str, str], today: date) -> None:
        """Read the open part out of what was typed."""
        if f"{_AT}-open" not in data:
            return
        reading = SchemaReading(data)
        if self.shown == TERMS:
            kept = {name: self.document.get(name) for name in ("schema", "components")}
            self.document = {**kept, **reading.part(_TERMS_SCHEMA, _AT)}
            return
        number = int(self.shown)
        before = self.components[number]
        typed = reading.part(_COMPONENT_SCHEMA, self.place)
        if typed["rule"]["kind"] != _kind(before) and typed["rule"]["kind"] in rule_types():
            typed = fitted_to(typed, typed["rule"]["kind"], today)
        self.components[number] = typed

    def _do(self, wish: str, today: date) -> None:
        what, _, where = wish.partition(":")
        match what:
            case "show":
                self._show(where)
            case "new" if where in rule_types() and len(self.components) < MOST_ROWS:
                taken = {str(each.get("key")) for each in self.components}
                self.components.append(example_component(where, taken=taken, today=today))
                self.shown = str(len(self.components) - 1)
            case "up" | "down" if (number := as_whole(where)) is not None:
                self._move(number, -1 if what == "up" else 1)
            case "add" | "drop" if where.startswith(f"{_AT}-"):
                change = self._add if what == "add" else self._drop
                change(where.split("-")[1:])

    def _move(self, number: int, by: int) -> None:
        """Move a component up or down; the open part stays open."""
        there = number + by
        if max(number, there) >= len(self.components) or there < 0:
            return
        places = {str(number): str(there), str(there): str(number)}
        components = self.components
        components[number], components[there] = components[there], components[number]
        self.shown = places.get(self.shown, self.shown)

    def _add(self, way: list[str]) -> None:
        """Add a group that was left out, or a row at the end of a list."""
        holder, name = self._holder(way), way[-1]
        each = _field_at(way, self.document)
        if not isinstance(holder, dict) or each is None:
            return
        at = "-".join([_AT, *way])
        match each:
            case fields.Nested():
                holder[name] = _blank(each.schema)
                self.fresh = at
            case fields.List():
                rows = holder[name] = _if_list(holder.get(name))
                if len(rows) < MOST_ROWS:
                    self.fresh = f"{at}-{len(rows)}"
                    rows += _new_rows(each, rows)
            case fields.Dict():
                said = holder.get(name)
                pairs = holder[name] = said if isinstance(said, dict) else {}
                self.fresh = f"{at}-{len(pairs)}"
                pairs.setdefault("", "")

    def _drop(self, way: list[str]) -> None:
        """Leave out a group, a row or a whole list."""
        holder, name = self._holder(way), way[-1]
        if isinstance(holder, dict):
            names = list(holder)
            row = as_whole(name)
            holder.pop(names[row] if row is not None and row < len(names) else name, None)
        elif _nth(holder, name) is not None:
            del holder[int(name)]
            self.fresh = "-".join([_AT, *way[:-1]])
            if holder and isinstance(holder[-1], dict):
                # Nothing is above the last tier.
                holder[-1].pop("up_to", None)
        if way[0] == "components" and len(way) == 2:
            self.shown = TERMS

    def _holder(self, way: Sequence[str]) -> Any:
        """What holds the last step of a way: a part of the document, or a list in it."""
        found: Any = self.document
        for step in way[:-1]:
            found = found.get(step) if isinstance(found, dict) else _nth(found, step)
        return found


def fingerprint(document: Mapping[str, Any], first_day: str) -> str:
    """What has been looked at: the same again may be published."""
    return hashlib.sha256(f"{first_day} {canonical(document)}".encode()).hexdigest()


def _nearest(name: str, drawn: Collection[str]) -> str:
    """The field itself, or the nearest part around it that is drawn."""
    around = name
    while around and around not in drawn:
        around = around.rpartition("-")[0]
    return around or name


def _document(text: str) -> Document:
    """The document that a form carries along; an empty plan where it cannot be read."""
    try:
        found = read_document(text) if len(text) <= LARGEST else {}
    except Unreadable:
        found = {}
    components = found.get("components")
    rows = components if isinstance(components, list) else []
    return {**found, "schema": 1, "components": [row for row in rows if isinstance(row, dict)]}


def _kind(component: Mapping[str, Any]) -> str:
    rule = component.get("rule")
    return str(rule.get("kind", "")) if isinstance(rule, Mapping) else ""


def _field_at(way: Sequence[str], document: Document) -> fields.Field[Any] | None:
    """The field that a way through the document leads to."""
    found: fields.Field[Any] | None = fields.Nested(PlanSchema)
    said: Any = document
    for step in way:
        found = _field_inside(found, step, said)
        said = said.get(step) if isinstance(said, dict) else _nth(said, step)
    return found


def _field_inside(
    outer: fields.Field[Any] | None, step: str, said: Any
) -> fields.Field[Any] | None:
    match outer:
        case fields.List():
            return outer.inner
        case fields.Nested():
            return _by_name(outer.schema, step)
        case RuleField() if isinstance(said, dict) and said.get("kind") in rule_types():
            return _by_name(rule_types()[said["kind"]].Params(), step)
    return None


def _by_name(schema: Schema, name: str) -> fields.Field[Any] | None:
    return next((f for own, f in schema.fields.items() if (f.data_key or own) == name), None)


def _if_list(said: Any) -> list[Any]:
    return said if isinstance(said, list) else []


def _nth(rows: Any, step: str) -> Any:
    number = as_whole(step)
    is_there = isinstance(rows, list) and number is not None and number < len(rows)
    return rows[number] if is_there else None


def _blank(schema: Schema) -> Document:
    """A group to be filled in, with one row where it is made of rows."""
    return {"all": [{}]} if "all" in schema.fields else {}


def _new_rows(each: fields.List[Any], rows: Sequence[Any]) -> list[Any]:
    """The next row of a list, like the last one; a list of fixed length comes at once."""
    if isinstance(each.inner, fields.Nested):
        return [copy.deepcopy(rows[-1]) if rows and isinstance(rows[-1], dict) else {}]
    return [""] * (fixed_length(each) or 1)
