"""What may not be meant: plans that can be read, and yet pay less for more, or nobody at all.

Refusals are made where a document is read. Here are the warnings, and, for a document as it comes,
both in one list (semantics 21).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from marshmallow import ValidationError

from incentives.core.components import Component
from incentives.core.dead_ends import why_it_never_pays
from incentives.core.limits import cap_amount
from incentives.core.measures import MEASURES
from incentives.core.new_plans import read_new_plan
from incentives.core.pay_curve import PayCurve, Stretch
from incentives.core.plans import Plan
from incentives.core.refusals import dotted, flat, messages_of
from incentives.core.results import BADGE, MONEY
from incentives.core.words import number, percent, plain

ERROR, WARNING = "error", "warning"
# A jump of pay at one bound above this share of the pay before it is warned of.
MOST_OF_A_JUMP = Decimal("0.25")
_SHOWN_QUOTA = Decimal(100)
_TABLES_OF_RATES = ("marginal_rate", "retroactive_rate")


@dataclass(frozen=True, slots=True)
class Finding:
    """`path` leads to the field: components[1].rule. An error is refused, a warning is not."""

    severity: str
    path: str
    sentence: str


def check(document: Mapping[str, Any], **known: Any) -> tuple[Plan | None, list[Finding]]:
    """The plan of a document, and all there is to say about it; no plan where it is refused.

    `known` goes to `lint`.
    """
    try:
        plan = read_new_plan(document)
    except ValidationError as error:
        refused = flat(messages_of(error))
        return None, [Finding(ERROR, dotted(path), sentence) for path, sentence in refused]
    return plan, lint(plan, **known)


def lint(
    plan: Plan,
    *,
    assigned: Collection[str] | None = None,
    today: date | None = None,
    quota: Decimal | None = None,
    most_of_a_jump: Decimal = MOST_OF_A_JUMP,
) -> list[Finding]:
    """Warnings about a plan, in the order of its components.

    `assigned` are the payees on it and `today` the company's day, where they are known. `quota` is
    what tables by attainment are tried with; what is found does not depend on it, except for caps.
    `most_of_a_jump` is the share of the pay before a bound by which it may jump there.
    """
    findings = [] if assigned is None or assigned else [_about("", "Nobody is on this plan.")]
    for at, component in enumerate(plan.components):
        place = f"components[{at}]"
        found = [
            *_never_pays(plan, component, today),
            *_basis_that_does_not_count(component),
            *_takes_away(component),
            *_more_than_all(component),
            *_curve(component, quota, Fraction(most_of_a_jump)),
        ]
        findings += [_about(f"{place}.{part}", f"{component.name}: {text}") for part, text in found]
    return findings


def _about(path: str, sentence: str) -> Finding:
    return Finding(WARNING, path, sentence)


def _never_pays(plan: Plan, component: Component, today: date | None) -> Iterator[tuple[str, str]]:
    for part, reason in why_it_never_pays(plan, component, today):
        yield part, f"it never pays: {reason}."


def _basis_that_does_not_count(component: Component) -> Iterator[tuple[str, str]]:
    if component.attainment is not None and not component.sum.bends(Fraction(1)):
        yield "attainment", "the rule has no bounds, so another attainment changes nothing."


def _takes_away(component: Component) -> Iterator[tuple[str, str]]:
    """Amounts below zero for each unit, which may be meant as a penalty."""
    rule = component.rule
    if rule["kind"] != "per_unit":
        return
    if rule["amount"] < 0:
        yield "rule.amount", f"each unit takes {number(-rule['amount'])} away."
    for name, amount in rule["amounts"].items():
        if amount < 0:
            yield "rule.amounts", f"each {name} takes {number(-amount)} away."


def _more_than_all(component: Component) -> Iterator[tuple[str, str]]:
    """Rates above 100 %, which may be meant as per cent."""
    if component.yields != MONEY or not MEASURES[component.measure].is_money:
        return
    rule = component.rule
    rated = [("rule.rate", rule.get("rate"))]
    rated += [
        (f"rule.tiers[{at}].rate", tier.get("rate"))
        for at, tier in enumerate(rule.get("tiers", ()))
    ]
    for part, rate in rated:
        if rate is not None and rate > 1:
            meant = f"For {number(rate)} % write {plain(rate / 100)}."
            yield part, f"the rate {number(rate)} is {percent(rate)}. {meant}"


def _curve(
    component: Component, quota: Decimal | None, most_of_a_jump: Fraction
) -> Iterator[tuple[str, str]]:
    if component.yields == BADGE or not _has_a_shape(component):
        return
    curve = PayCurve(component, Fraction(quota or _SHOWN_QUOTA))
    for fall in curve.falls():
        yield "rule", f"pay falls as sales rise, {_where(curve, fall)}."
    for jump in curve.jumps(most_of_a_jump):
        more = percent(Decimal(round((jump.end.earned / jump.start.earned - 1) * 100)) / 100)
        yield "rule", f"pay jumps by {more} {_where(curve, jump)}. Deals may be moved across it."
    if component.cap and _compares_with_the_cap(component, component.cap, quota):
        yield from _cap_below_quota(curve, component.cap)


def _has_a_shape(component: Component) -> bool:
    """Whether the rule pays by the result alone; units are told of in words of their own."""
    return component.rule["kind"] not in ("scorecard", "streak", "per_unit")


def _where(curve: PayCurve, stretch: Stretch) -> str:
    start, end = (_result(curve, point.result) for point in (stretch.start, stretch.end))
    if not stretch.is_at_a_bound:
        is_last = stretch.end.result not in curve.bends()
        return f"from {start} on" if is_last else f"from {start} to {end}"
    if curve.component.needs_quota:
        return f"at {start}"
    return f"at {start}, from {_paid(stretch.start.earned)} to {_paid(stretch.end.earned)}"


def _result(curve: PayCurve, result: Fraction) -> str:
    if curve.component.needs_quota:
        return f"{percent(result / curve.quota)} of quota"
    return number(result)


def _paid(amount: Fraction) -> str:
    return number(Decimal(plain(round(amount, 2))))


def _compares_with_the_cap(
    component: Component, cap: Mapping[str, Any], quota: Decimal | None
) -> bool:
    """Whether cap and pay are of one span, and both known or in proportion to one thing."""
    if cap["per"] not in (None, component.accumulates):
        return False
    if "of_target" in cap:
        return bool(component.sum.needs_target)
    return quota is not None or ("of_quota" in cap and _pays_in_proportion(component))


def _pays_in_proportion(component: Component) -> bool:
    """Whether twice the quota is twice the pay at quota."""
    kind = component.rule["kind"]
    return kind == "flat_rate" or (kind in _TABLES_OF_RATES and component.needs_quota)


def _cap_below_quota(curve: PayCurve, cap: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    most = cap_amount(cap, curve.quota, curve.target_incentive)
    paid = curve.earned_at(curve.quota)
    if most is not None and most < paid:
        share = percent(Decimal(round(most / paid * 100)) / 100)
        yield "cap", f"the cap is reached before the quota: it is {share} of the pay at quota."
