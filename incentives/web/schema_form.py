"""A form drawn from the schemas that check plan documents: what they know, people can fill in.

Fields are called by the way to them in the document, joined by hyphens: plan-components-0-name.
`schema_reading.py` reads what is sent back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, fields, missing, validate

from incentives.core.components import RuleField
from incentives.core.fields import ExactDecimal, OneOf
from incentives.core.measures import MEASURES
from incentives.core.registry import rule_types
from incentives.core.results import MONEY, POINTS
from incentives.web import plan_words
from incentives.web.shares import goes_by_attainment, is_share, percent_text

Problems = Mapping[str, Sequence[str]]
Options = Sequence[tuple[str, str]]

# Numbers that are amounts of what a component yields.
_AMOUNTS = frozenset(("amount", "amounts", "flat", "target", "budget"))
# What a schema has only because another one lends it.
_HIDDEN = {("MultiplierSchema", "component")}
# Rules whose bounds are shares of the quota without saying so.
ALWAYS_BY_ATTAINMENT = frozenset(("payout_curve",))


@dataclass(frozen=True, slots=True)
class Control:
    """One input. `kind` is text, decimal, number, date or select."""

    name: str
    label: str
    kind: str
    value: str
    options: Options = ()
    unit: str = ""
    hint: str = ""
    problem: str = ""
    is_new: bool = False
    shape: str = "control"


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that belong together. One that may be left out can be dropped."""

    name: str
    label: str
    help: str
    parts: "Sequence[Part]"
    can_drop: bool
    problem: str = ""
    shape: str = "group"


@dataclass(frozen=True, slots=True)
class Absent:
    """A group that may be added."""

    name: str
    label: str
    help: str
    problem: str = ""
    shape: str = "absent"


@dataclass(frozen=True, slots=True)
class Rows:
    """A list. `headings` are there where every row is a line of inputs, and `floors` where the
    rows are tiers: what each begins at. A fixed list is there as a whole, or not at all."""

    name: str
    label: str
    word: str
    rows: "Sequence[Sequence[Part]]"
    headings: Sequence[str] = ()
    floors: Sequence[str] = ()
    is_fixed: bool = False
    problem: str = ""
    shape: str = "rows"


Part = Control | Group | Absent | Rows


@dataclass(frozen=True, slots=True)
class SchemaForm:
    """Draws parts of one document. `components` are the keys a test may name, `unit` what amounts
    are counted in, `fresh` the way to a row that was just added."""

    problems: Problems = field(default_factory=dict)
    components: Sequence[str] = ()
    currency: str = ""
    yields: str = MONEY
    fresh: str = ""

    def parts(
        self, schema: Schema, said: Any, at: str, *, by_attainment: bool = False
    ) -> list[Part]:
        """Every field of a schema, with what the document says so far."""
        said = said if isinstance(said, Mapping) else {}
        by_attainment = goes_by_attainment(schema, said, inherited=by_attainment)
        return [
            self._part(each, name, said, f"{at}-{name}", type(schema).__name__, by_attainment)
            for name, each in named(schema)
        ]

    def _part(
        self,
        each: fields.Field[Any],
        name: str,
        said: Mapping[str, Any],
        at: str,
        owner: str,
        by_attainment: bool,
    ) -> Part:
        label = plan_words.label(name, owner)
        match each:
            case RuleField():
                return self._rule(said.get(name), at)
            case fields.Nested():
                return self._group(each, said.get(name), at, label, by_attainment)
            case fields.List() if isinstance(each.inner, fields.Nested):
                return self._rows(each.inner.schema, said.get(name), name, at, label, by_attainment)
            case fields.List():
                return self._values(each, said.get(name), name, at, label)
            case fields.Dict():
                return self._pairs(said.get(name), name, at, label)
        return self._control(each, name, said.get(name), at, label, by_attainment)

    def _rule(self, said: Any, at: str) -> Group:
        said = said if isinstance(said, Mapping) else {}
        kinds = rule_types()
        kind = str(said.get("kind", ""))
        options = [(each, module.LABEL) for each, module in sorted(kinds.items())]
        chosen = Control(
            f"{at}-kind",
            plan_words.label("kind"),
            "select",
            kind,
            options,
            problem=self._problem(f"{at}-kind"),
        )
        if kind not in kinds:
            return Group(at, plan_words.label("rule"), "", [chosen], can_drop=False)
        params = kinds[kind].Params()
        parts = self.parts(params, said, at, by_attainment=kind in ALWAYS_BY_ATTAINMENT)
        words = plan_words.help_of(params)
        label, problem = plan_words.label("rule"), self._problem(at)
        return Group(at, label, words, [chosen, *parts], can_drop=False, problem=problem)

    def _group(
        self, each: fields.Nested, said: Any, at: str, label: str, by_attainment: bool
    ) -> Group | Absent:
        words = plan_words.help_of(each.schema)
        if said is None and not each.required:
            return Absent(at, label, words, self._problem(at))
        parts = self.parts(each.schema, said, at, by_attainment=by_attainment)
        return Group(at, label, words, parts, not each.required, self._problem(at))

    def _rows(
        self, schema: Schema, said: Any, name: str, at: str, label: str, by_attainment: bool
    ) -> Rows:
        found = said if isinstance(said, list) else []
        rows = [
            self.parts(schema, row, f"{at}-{number}", by_attainment=by_attainment)
            for number, row in enumerate(found)
        ]
        word = plan_words.ROWS.get(name, "a row")
        if "up_to" in schema.fields:
            return self._tiers(rows, name, at, label, word)
        return Rows(at, label, word, rows, _headings(rows), problem=self._problem(at))

    def _tiers(
        self, rows: Sequence[Sequence[Part]], name: str, at: str, label: str, word: str
    ) -> Rows:
        """Rows by upper bounds. The last has none, so there is nothing to type."""
        tops = [_top(row) for row in rows]
        floors = ["0", *(f"{top.value or '–'}" for top in tops[:-1])] if rows else []
        units = [f" {top.unit}" if top.unit else "" for top in tops]
        shown = [*rows[:-1], [p for p in rows[-1] if p is not tops[-1]]] if rows else []
        return Rows(
            at,
            label,
            word,
            shown,
            _headings(rows),
            [floor + unit for floor, unit in zip(floors, units, strict=True)],
            problem=self._problem(at),
        )

    def _values(self, each: fields.List[Any], said: Any, name: str, at: str, label: str) -> Rows:
        """A list of numbers, one for each month."""
        found = said if isinstance(said, list) else []
        rows = [
            [self._control(each.inner, name, value, f"{at}-{n}", f"Month {n + 1}", False)]
            for n, value in enumerate(found)
        ]
        word = plan_words.ROWS.get(name, "a row")
        is_fixed = fixed_length(each) is not None
        return Rows(at, label, word, rows, is_fixed=is_fixed, problem=self._problem(at))

    def _pairs(self, said: Any, name: str, at: str, label: str) -> Rows:
        """Names with an amount each."""
        found = said if isinstance(said, Mapping) else {}
        unit = self._unit(name, share=False)
        rows = [
            [
                self._text(f"{at}-{number}-key", "For", str(key)),
                Control(f"{at}-{number}-value", "Amount", "decimal", _typed(value), (), unit),
            ]
            for number, (key, value) in enumerate(found.items())
        ]
        problem = self._problem(at) or next(
            (said[0] for name, said in self.problems.items() if name.startswith(f"{at}-")), ""
        )
        word = plan_words.ROWS.get(name, "a row")
        return Rows(at, label, word, rows, _headings(rows), problem=problem)

    def _control(
        self,
        each: fields.Field[Any],
        name: str,
        value: Any,
        at: str,
        label: str,
        by_attainment: bool,
    ) -> Control:
        if value is None:
            value = _default(each)
        text = _typed(value)
        share = isinstance(each, ExactDecimal) and is_share(name, by_attainment=by_attainment)
        options = self._options(each, name)
        return Control(
            name=at,
            label=label,
            kind="select" if options else _kind(each),
            value=percent_text(text) if share else text,
            options=options,
            unit=self._unit(name, share=share) if isinstance(each, ExactDecimal) else "",
            hint=plan_words.HINTS.get(name, "") if not options else "",
            problem=self._problem(at),
            is_new=bool(self.fresh) and at.startswith(f"{self.fresh}-"),
        )

    def _text(self, at: str, label: str, value: str) -> Control:
        fresh = bool(self.fresh) and at.startswith(f"{self.fresh}-")
        return Control(at, label, "text", value, problem=self._problem(at), is_new=fresh)

    def _options(self, each: fields.Field[Any], name: str) -> Options:
        if name == "component":
            return [("", "–"), *((key, key) for key in self.components)]
        choices = next((v.choices for v in each.validators if isinstance(v, OneOf)), None)
        if choices is None:
            return []
        if name == "measure":
            listed = [(slug, MEASURES[slug].label) for slug in choices]
        else:
            listed = [(value, plan_words.choice(name, value)) for value in choices]
        return listed if each.required or _default(each) else [("", "–"), *listed]

    def _unit(self, name: str, *, share: bool) -> str:
        if share or name in ("weight", "percent", "seasonality"):
            return "%"
        if name not in _AMOUNTS:
            return ""
        return self.currency if self.yields == MONEY else POINTS if self.yields == POINTS else ""

    def _problem(self, at: str) -> str:
        found = self.problems.get(at, ())
        return found[0] if found else ""


def named(schema: Schema) -> Iterator[tuple[str, fields.Field[Any]]]:
    """The fields of a schema by the names they have in a document."""
    owner = type(schema).__name__
    for name, each in schema.fields.items():
        if (owner, name) not in _HIDDEN:
            yield each.data_key or name, each


def fixed_length(each: fields.List[Any]) -> int | None:
    """How many there are of a list that has all of them or none."""
    lengths = (v.equal for v in each.validators if isinstance(v, validate.Length))
    return next((length for length in lengths if length), None)


def names_in(parts: Iterable[Part]) -> Iterator[str]:
    """The names of all that was drawn, with what is inside."""
    for part in parts:
        yield part.name
        match part:
            case Group():
                yield from names_in(part.parts)
            case Rows():
                for row in part.rows:
                    yield from names_in(row)


def _top(row: Sequence[Part]) -> Control:
    return next(p for p in row if isinstance(p, Control) and p.name.endswith("-up_to"))


def _headings(rows: Sequence[Sequence[Part]]) -> list[str]:
    """One for each column, where the rows are lines of at most five inputs."""
    lines = [[part.label for part in row if part.shape == "control"] for row in rows]
    return lines[0] if lines and max(map(len, lines)) <= 6 else []


def _kind(each: fields.Field[Any]) -> str:
    match each:
        case ExactDecimal():
            return "decimal"
        case fields.Date():
            return "date"
        case fields.Integer():
            return "number"
    return "text"


def _default(each: fields.Field[Any]) -> Any:
    """What holds where a document says nothing, if it is one thing that can be written."""
    default = each.load_default
    return "" if default is missing or default is None or callable(default) else default


def _typed(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
