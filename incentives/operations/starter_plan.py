"""What a new plan starts from: a small whole document, and an example of each kind of rule."""

import copy
from collections.abc import Collection, Mapping
from datetime import date
from itertools import count
from typing import Any

from dateutil.relativedelta import relativedelta

from incentives.core.components import DEAL, LENGTH
from incentives.core.registry import rule_types
from incentives.core.rules import ByPeriod

# What an example counts and adds up over, where revenue by deal says nothing.
_COUNTS_DEALS = ("badge", "streak", "per_unit", "unit_tiers", "spif")
_SPANS = {"badge": "day", "streak": "month", "milestone": "quarter", "marginal_rate": "quarter"}


def starter_plan(currency: str) -> dict[str, Any]:
    """Points for deals, commission in tiers, and one badge, in the company's currency."""
    return {
        "schema": 1,
        "name": "My plan",
        "currency": currency,
        "components": [
            {
                "key": "deal-points",
                "name": "Points per won deal",
                "yields": "points",
                "measure": "deals_won",
                "rule": {"kind": "per_unit", "amount": "10", "by": "product", "amounts": {}},
            },
            {
                "key": "commission",
                "name": "Revenue commission",
                "yields": "money",
                "measure": "revenue",
                "accumulates": "quarter",
                "rule": {
                    "kind": "marginal_rate",
                    "tiers_by": "attainment",
                    "tiers": [
                        {"up_to": "1.00", "rate": "0.05"},
                        {"rate": "0.08"},
                    ],
                },
            },
            {
                "key": "hat-trick",
                "name": "Hat-trick",
                "yields": "badge",
                "measure": "deals_won",
                "accumulates": "day",
                "rule": {"kind": "badge", "at_least": "3", "icon": "3x"},
            },
        ],
    }


def empty_plan(currency: str) -> dict[str, Any]:
    """A plan without any component yet."""
    return {"schema": 1, "name": "", "currency": currency, "components": []}


def example_component(kind: str, *, taken: Collection[str], today: date) -> dict[str, Any]:
    """A whole component of a kind of rule, with the numbers of its worked example.

    `taken` are the keys that others have.
    """
    component = {
        "key": _free_key(kind.replace("_", "-"), taken),
        "name": rule_types()[kind].LABEL,
        "yields": "",
        "measure": "deals_won" if kind in _COUNTS_DEALS else "revenue",
    }
    return fitted_to(component, kind, today)


def fitted_to(component: Mapping[str, Any], kind: str, today: date) -> dict[str, Any]:
    """A component with the example of a kind of rule, changed where that rule needs it: another
    yield, a span that is long enough, a window."""
    rule_type = rule_types()[kind]
    fitted = {**component, "rule": {"kind": kind, **copy.deepcopy(rule_type.EXAMPLE["params"])}}
    if fitted["yields"] not in rule_type.YIELDS:
        fitted["yields"] = rule_type.YIELDS[0]
    if LENGTH.get(fitted.get("accumulates", DEAL), 0) < LENGTH[_least_span(kind)]:
        fitted["accumulates"] = _least_span(kind)
    if kind == "spif" and "window" not in fitted:
        first_day = today.replace(day=1) + relativedelta(months=1)
        end_day = first_day + relativedelta(months=1)
        fitted["window"] = {"from": first_day.isoformat(), "until": end_day.isoformat()}
    return fitted


def _least_span(kind: str) -> str:
    """The shortest span over which a kind of rule says something."""
    rule_type = rule_types()[kind]
    params = rule_type.Params().load(rule_type.EXAMPLE["params"])
    pays_by_period = isinstance(rule_type.Rule(params), ByPeriod)
    return _SPANS.get(kind, "month" if pays_by_period else DEAL)


def _free_key(wanted: str, taken: Collection[str]) -> str:
    if wanted not in taken:
        return wanted
    return next(key for n in count(2) if (key := f"{wanted}-{n}") not in taken)
