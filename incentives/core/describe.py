"""A plan in plain words, as the payees on it read it. The words come from the plan alone."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from incentives.core import conditions
from incentives.core.claw_back import describe_claw_back
from incentives.core.columns import OVERLAY, PRIMARY
from incentives.core.components import (
    BY_CREDIT,
    BY_DAYS,
    DEAL,
    EQUAL,
    IN_PERIOD,
    LENGTH,
    POOL,
    TEAM,
    WHOLE,
    Component,
)
from incentives.core.limits import describe_cap
from incentives.core.measures import MEASURES
from incentives.core.multipliers import describe_multiplier
from incentives.core.pay_terms import describe_draw, describe_guarantee, describe_holdback
from incentives.core.plans import Plan, canonical, read_plan
from incentives.core.quota_terms import describe_quota_terms
from incentives.core.result_tests import describe_gate
from incentives.core.results import MONEY, POINTS
from incentives.core.words import number

_VERBS = {MONEY: "earn", POINTS: "get"}
_DIVIDED = {EQUAL: "equally", BY_CREDIT: "by credit", BY_DAYS: "by days in the team"}


def describe_plan(plan: Plan) -> list[str]:
    """The whole plan as sentences: how each component pays, then the terms around it."""
    currency = plan.currency
    told = [f"{plan.name} pays in {currency}, each {plan.pays}."]
    told += [describe_component(each, currency, pays=plan.pays) for each in plan.components]
    told += describe_quota_terms(plan.quotas)
    told += [describe_holdback(plan.holdback)] if plan.holdback else []
    told += [describe_guarantee(plan.guarantee, currency)] if plan.guarantee else []
    told += [describe_draw(plan.draw, currency)] if plan.draw else []
    return [*told, describe_claw_back(plan.claw_back)]


def describe_component(component: Component, currency: str, *, pays: str = "month") -> str:
    """One sentence that says what is paid for what. `pays` is the pay period of the plan."""
    counted = ", ".join([*_what_counts(component), _span(component)])
    first = f"{component.name}: {counted},"
    further = further_terms(component, currency, pays=pays)
    return "; ".join([f"{first} {describe_rule(component, currency)}", *further]) + "."


def describe_rule(component: Component, currency: str) -> str:
    """What the rule alone gives: "you earn 5 % of everything"."""
    unit = unit_of(component, currency)
    who = "the team" if component.credited == POOL else "you"
    verb = _VERBS.get(component.yields, "win a badge")
    return f"{who} {_in_third_person(verb, who)} {component.sum.describe(unit)}"


def _in_third_person(verb: str, who: str) -> str:
    if who == "you":
        return verb
    first, _, rest = verb.partition(" ")
    return f"{first}s {rest}".strip()


def unit_of(component: Component, currency: str) -> str:
    """What amounts of a component are counted in, as it stands behind a number."""
    return {MONEY: currency, POINTS: "points"}.get(component.yields, "")


def further_terms(component: Component, currency: str, *, pays: str = "month") -> list[str]:
    """What else holds for a component, each as a part of a sentence, in the order it is applied."""
    return [
        *_to_date(component, pays),
        *_bounds(component),
        *_gate(component),
        *_factor_cap_floor(component, currency, pays),
        *_pool(component),
    ]


def _what_counts(component: Component) -> Iterator[str]:
    """The measure with all that narrows it; the items of a scorecard name their own."""
    if component.rule["kind"] == "scorecard":
        return
    yield f"for {counted(component)}{_where(component.conditions)}"


def counted(component: Component) -> str:
    """What is counted of whom and when, all activities that may be: "revenue of the whole team"."""
    told = MEASURES[component.measure].label.lower()
    if component.credited == TEAM:
        told += " of the people you manage"
    elif component.credited == POOL:
        told += " of the whole team"
    if component.credits == PRIMARY:
        told += " by your own shares, without overlays"
    elif component.credits == OVERLAY:
        told += " by your overlays alone"
    if component.window:
        days = component.window
        told += f" from {days['first_day']} until before {days['end_day']}"
    return told


def _where(said: Mapping[str, Any]) -> str:
    only = conditions.describe(said)
    return f" where {only}" if only else ""


def _span(component: Component) -> str:
    if component.accumulates == DEAL:
        return "each deal by itself"
    return f"added up over each {component.accumulates}"


def _to_date(component: Component, pays: str) -> Iterator[str]:
    """How tables are read before the span is over, and what moves the position in them."""
    if component.attainment:
        basis = component.attainment
        label = MEASURES[basis["measure"]].label.lower()
        yield f"the place in the table goes by {label}{_where(basis['conditions'])}"
    if LENGTH[component.accumulates] <= LENGTH[pays]:
        return
    if component.needs_quota:
        whole = component.quota_span == WHOLE
        which = f"the whole {component.accumulates}" if whole else f"the {pays}s begun"
        yield f"the quota is that of {which}"
    if component.pays_by_period:
        in_period = component.to_date == IN_PERIOD
        yield (
            f"each {pays} pays for its own results at what is reached by its end"
            if in_period
            else f"each {pays} pays what is due to date less what was paid before"
        )


def _bounds(component: Component) -> Iterator[str]:
    """What holds exactly on a bound, where pay may jump there (semantics 13)."""
    if not component.upper:
        yield "a bound must be passed, reaching it is not enough"
    elif component.pays_by_period and component.sum.jumps:
        yield "reaching a bound is enough"


def _gate(component: Component) -> Iterator[str]:
    if component.gate is None:
        return
    to_date = ", judged at the end of each pay period" * (component.gate["judged"] == "to_date")
    yield f"only if {describe_gate(component.gate)}{to_date}"


def _factor_cap_floor(component: Component, currency: str, pays: str) -> Iterator[str]:
    unit = unit_of(component, currency)
    if component.multiplier:
        yield describe_multiplier(component.multiplier)
    if component.cap:
        longer = max(component.accumulates, pays, key=LENGTH.__getitem__)
        cap = component.cap | {"per": component.cap["per"] or longer}
        yield describe_cap(cap, unit)
    if component.floor:
        yield f"at least {number(component.floor['amount'])} {unit} each {pays}"


def _pool(component: Component) -> Iterator[str]:
    if component.pool:
        yield f"divided {_DIVIDED[component.pool['by']]} among the members of the team"


def plan_hash(document: Mapping[str, Any]) -> str:
    """One hash over a document and the text that payees read of it, both as they are now.

    Who has seen the text under a hash has seen this very plan, word for word.
    """
    text = "\n".join(describe_plan(read_plan(document)))
    return hashlib.sha256(f"{canonical(document)}\n{text}".encode()).hexdigest()
