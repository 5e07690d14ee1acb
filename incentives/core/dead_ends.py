"""Components that can never pay: what they ask for excludes itself, or is over (semantics 21)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from incentives.core.components import Component
from incentives.core.measures import MEASURES
from incentives.core.plans import Plan

_Row = Mapping[str, Any]


def why_it_never_pays(
    plan: Plan, component: Component, today: date | None = None
) -> Iterator[tuple[str, str]]:
    """(field, reason) for each way in which a component of a plan can never pay."""
    for problem in _conditions_that_exclude_each_other(component):
        yield "conditions", problem
    if component.window and today and component.window["end_day"] <= today:
        yield "window", f"its window ended before {component.window['end_day']}"
    for test in (component.gate or {}).get("all", []):
        named = plan.component(test["component"]) if "component" in test else None
        if named and test["at_least"] > 0 and any(why_it_never_pays(plan, named, today)):
            yield "gate", f"its gate waits for {named.name}, which never pays"


def _conditions_that_exclude_each_other(component: Component) -> Iterator[str]:
    rows: Sequence[_Row] = component.conditions.get("all", [])
    for name in dict.fromkeys(row["field"] for row in rows):
        about = [row for row in rows if row["field"] == name]
        words = name.replace("_", " ")
        if not _some_text_fits(about, _kinds(component) if name == "kind" else None):
            yield f"no activity has such a {words}"
        elif not _some_number_fits(about):
            yield f"no {words} is both so much and below so much"


def _kinds(component: Component) -> set[str]:
    return set(MEASURES[component.measure].kinds)


def _some_text_fits(rows: Sequence[_Row], possible: set[str] | None) -> bool:
    """Whether any text meets the rows; `possible` are all there are, where that is known."""
    for row in rows:
        if row["comparison"] in ("is", "is_one_of"):
            wanted = set(row["value"]) if isinstance(row["value"], list) else {row["value"]}
            possible = wanted if possible is None else possible & wanted
    excluded = {row["value"] for row in rows if row["comparison"] == "is_not"}
    return possible is None or bool(possible - excluded)


def _some_number_fits(rows: Sequence[_Row]) -> bool:
    least = [Decimal(str(row["value"])) for row in rows if row["comparison"] == "at_least"]
    below = [Decimal(str(row["value"])) for row in rows if row["comparison"] == "below"]
    return not least or not below or max(least) < min(below)
