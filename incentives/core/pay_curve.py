"""What a component pays for each result: for the curve on its page, and to find where pay falls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from itertools import pairwise

from incentives.core.activity import WON, Credit
from incentives.core.money import EXACT
from incentives.core.plans import Component
from incentives.core.registry import rule_types
from incentives.core.rules import Measured

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """`earned` is unrounded: what one payee would have at `result` of the measure."""

    result: Decimal
    earned: Decimal


def has_curve(component: Component) -> bool:
    """Whether the rule pays by tiers, so that a curve says something."""
    return hasattr(rule_types()[component.rule["kind"]], "bounds")


def bends(component: Component, quota: Decimal) -> list[Decimal]:
    """Where the curve may bend: the upper bounds of the tiers, as results."""
    found = rule_types()[component.rule["kind"]].bounds(component.rule, quota)
    return [bound for bound in found if bound is not None]


def pay_curve(component: Component, quota: Decimal, results: Sequence[Decimal]) -> list[CurvePoint]:
    """The pay at each result, by the rule's own sum."""
    return [CurvePoint(result, _earned(component, quota, result)) for result in results]


def falls(component: Component, quota: Decimal) -> list[tuple[CurvePoint, CurvePoint]]:
    """Stretches between two bends on which pay falls as the result rises."""
    bounds = bends(component, quota)
    beyond = (bounds[-1] if bounds else quota) * 2
    curve = pay_curve(component, quota, [Decimal(0), *bounds, beyond])
    return [(start, end) for start, end in pairwise(curve) if end.earned < start.earned]


def _earned(component: Component, quota: Decimal, result: Decimal) -> Decimal:
    if result == 0:
        return Decimal(0)
    credit = Credit(0, "", "", WON, _ANY_TIME, _ANY_TIME, result, None, Decimal(1), {})
    measured = [Measured(credit, result, component.rule)]
    earned = rule_types()[component.rule["kind"]].earn(measured, quota)
    with localcontext(EXACT):
        return sum((earning.amount for earning in earned), Decimal(0))
