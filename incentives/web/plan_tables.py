"""The tables of a component as people read them: every row with its bounds in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from incentives.core import conditions
from incentives.core.components import Component
from incentives.core.measures import MEASURES
from incentives.core.result_tests import ATTAINMENT, describe_test
from incentives.core.words import number, percent

_Row = Mapping[str, Any]
NONE = "–"
_TEXTS = ("Called", "By", "Only if")


@dataclass(frozen=True, slots=True)
class Table:
    """A table ready to be shown. The first column and those called so are text, not figures."""

    label: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    @property
    def figures(self) -> list[bool]:
        return [at > 0 and column not in _TEXTS for at, column in enumerate(self.columns)]


def tables_of(component: Component) -> list[Table]:
    """The tables of a component's rule and of its multiplier; none where a sentence says it all."""
    rule = component.rule
    found = [make(component, rule[name]) for name, make in _TABLES.items() if rule.get(name)]
    multiplier = component.multiplier
    if multiplier and "tiers" in multiplier:
        found.append(_factors(multiplier))
    return [_without_empty_columns(table) for table in found]


def _tiers(component: Component, tiers: Sequence[_Row]) -> Table:
    by_share = component.rule["tiers_by"] == ATTAINMENT
    columns = ["Tier", "From", "Up to", "Rate", "Each", "Package of", "On entry", "Only if"]
    rows = [
        [
            str(at),
            *bounds,
            _said(tier, "rate", percent),
            _said(tier, "amount", number),
            _said(tier, "package", number),
            number(tier["flat"]) if tier.get("flat") else NONE,
            describe_test(tier["only_if"]) if tier.get("only_if") else NONE,
        ]
        for at, (tier, bounds) in enumerate(_bounded(tiers, by_share=by_share), start=1)
    ]
    return Table("Tiers, by share of quota" if by_share else "Tiers", columns, rows)


def _bounded(tiers: Sequence[_Row], *, by_share: bool) -> Iterator[tuple[_Row, tuple[str, str]]]:
    """Each tier with the words for where it begins and ends."""
    words = percent if by_share else number
    floor = Decimal(0)
    for tier in tiers:
        top = tier["up_to"]
        yield tier, (words(floor), NONE if top is None else words(top))
        floor = floor if top is None else top


def _factors(multiplier: _Row) -> Table:
    by_share = multiplier.get("read") == ATTAINMENT
    label = MEASURES[multiplier["measure"]].label.lower()
    rows = [
        [str(at), *bounds, f"× {number(tier['factor'])}"]
        for at, (tier, bounds) in enumerate(
            _bounded(multiplier["tiers"], by_share=by_share), start=1
        )
    ]
    what = "share of quota, " if by_share else ""
    label = f"Multiplier, by {what}{label} in the {multiplier['over']}"
    return Table(label, ["Tier", "From", "Up to", "Factor"], rows)


def _reached(component: Component, rows: Sequence[_Row]) -> Table:
    """Bonuses and milestones."""
    words = _words_by(component)
    return Table(
        "Bonuses" if "bonuses" in component.rule else "Milestones",
        ["Reached", "Called", "Amount"],
        [[words(row["at_least"]), row.get("name", NONE), number(row["amount"])] for row in rows],
    )


def _points(component: Component, points: Sequence[_Row]) -> Table:
    words = percent if "pays" in points[0] else _words_by(component)
    rows = [
        [words(point["at"]), _said(point, "pays", percent), _said(point, "amount", number)]
        for point in points
    ]
    return Table("Points of the curve", ["At", "Share of the target", "Amount"], rows)


def _items(component: Component, items: Sequence[_Row]) -> Table:
    rows = [
        [
            item["name"],
            _judged_by(item),
            f"{number(item['weight'])} %",
            _said(item, "minimum", percent),
            _said(item, "maximum", percent),
        ]
        for item in items
    ]
    return Table("Items", ["Item", "By", "Weight", "Nothing below", "Counts at most"], rows)


def _judged_by(item: _Row) -> str:
    if "rating" in item:
        return f"rated by {item['rated_by']}"
    only = conditions.describe(item.get("conditions", {}))
    return f"{MEASURES[item['measure']].label}{f' where {only}' if only else ''}"


def _amounts(component: Component, amounts: Mapping[str, Decimal]) -> Table:
    by = str(component.rule["by"]).replace("_", " ").capitalize()
    rows = [[name, number(amount)] for name, amount in amounts.items()]
    return Table(f"By {component.rule['by']}", [by, "Each"], rows)


def _words_by(component: Component) -> Callable[[Decimal], str]:
    return percent if component.rule.get("by") == ATTAINMENT else number


def _said(row: _Row, name: str, words: Callable[[Decimal], str]) -> str:
    return NONE if row.get(name) is None else words(row[name])


def _without_empty_columns(table: Table) -> Table:
    kept = [
        at
        for at, column in enumerate(table.columns)
        if column in ("From", "Up to") or any(row[at] != NONE for row in table.rows)
    ]
    return Table(
        table.label,
        [table.columns[at] for at in kept],
        [[row[at] for at in kept] for row in table.rows],
    )


_TABLES: dict[str, Callable[[Component, Any], Table]] = {
    "tiers": _tiers,
    "bonuses": _reached,
    "milestones": _reached,
    "points": _points,
    "items": _items,
    "amounts": _amounts,
}
