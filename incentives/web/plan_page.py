"""A plan as its templates show it: its components as cards in plain words, and its terms."""

from collections.abc import Mapping
from typing import Any

from incentives.core.describe import describe_plan
from incentives.core.plans import Plan
from incentives.core.registry import rule_types
from incentives.core.results import MONEY
from incentives.operations.read_plan import ComponentInWords, in_words
from incentives.web.plan_tables import tables_of
from incentives.web.plan_words import help_of

YIELDS = {"money": "Pay", "points": "Points", "badge": "Badge"}
_ICONS = {"money": "percentage", "points": "hash", "badge": "award"}


def cards(plan: Plan, curves: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    return [_card(in_words(each, plan), (curves or {}).get(each.key)) for each in plan.components]


def _card(said: ComponentInWords, curve: dict[str, Any] | None) -> dict[str, Any]:
    component = said.component
    return {
        "name": component.name,
        "key": component.key,
        "kind": rule_types()[component.rule["kind"]].LABEL,
        "yields": YIELDS[component.yields],
        **plate(component.yields, component.rule.get("icon")),
        "sentence": said.sentence,
        "detail": f"{said.counted}. {said.span}",
        "only_where": said.only_where,
        "further": [f"{part[0].upper()}{part[1:]}." for part in said.further],
        "tables": tables_of(component),
        "curve": curve,
    }


def plate(yields: str, sign: str | None) -> dict[str, str | None]:
    """The plate before a component: outline means pay, ink points or a badge, which may have a
    sign of its own: figures such as 5k stand as text, a longer name is an icon."""
    own = sign if yields == "badge" and sign else None
    is_text = own is not None and any(letter.isdigit() for letter in own)
    return {
        "plate": "outline" if yields == MONEY else "ink",
        "icon": None if is_text else own or _ICONS.get(yields, "adjustments"),
        "text": own if is_text else None,
    }


def terms(plan: Plan) -> list[str]:
    """What is agreed on around the components, as sentences."""
    return describe_plan(plan)[1 + len(plan.components) :]


def kinds() -> list[dict[str, str | None]]:
    """Every kind of rule that a component may have, with what it does."""
    return [
        {
            "kind": kind,
            "label": module.LABEL,
            "help": help_of(module.Params()).partition(". ")[0].rstrip(".") + ".",
            **plate(module.YIELDS[0], None),
        }
        for kind, module in sorted(rule_types().items(), key=lambda item: item[1].LABEL)
    ]
