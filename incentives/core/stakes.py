"""What a component's terms come to in a pay period: quota, gate, multiplier (semantics 10)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from incentives.core.calendar import Period
from incentives.core.components import Component
from incentives.core.multipliers import factor_for
from incentives.core.result_tests import describe_gate, describe_test, reaches
from incentives.core.results import CalculationIssue
from incentives.core.rules import NOTHING_FAILS
from incentives.core.sources import AgreementCase, Missing, missing_quota
from incentives.core.words import plain

_DAY = timedelta(days=1)
ONE = Fraction(1)


@dataclass(slots=True)
class Stakes:
    """`failing` are tiers whose own test fails; `working` are the notes that explain all this."""

    quota: Fraction | None = None
    target_incentive: Fraction | None = None
    gate_holds: bool = True
    factor: Fraction = ONE
    failing: frozenset[int] = NOTHING_FAILS
    working: Mapping[str, Any] = field(default_factory=dict)

    @property
    def times(self) -> Fraction:
        """What gate and multiplier leave of an amount."""
        return self.factor if self.gate_holds else Fraction(0)


PLAIN = Stakes()


class Gaps:
    """What holds a component up: the issues that say so, and the pay periods that wait."""

    def __init__(self) -> None:
        self.issues: dict[tuple[str, str], CalculationIssue] = {}
        self.waiting: set[str] = set()

    def add(
        self, component: Component, span: Period, missing: Missing, waiting: Iterable[str]
    ) -> None:
        """What was credited in these pay periods waits; that is told once for a span."""
        self.waiting.update(waiting)
        self.tell(component, span, missing)

    def tell(self, component: Component, span: Period, missing: Missing) -> None:
        issue = CalculationIssue(component.key, span.key, missing.code, missing.message)
        self.issues.setdefault((span.key, missing.code), issue)


def stakes_in(
    agreement: AgreementCase,
    component: Component,
    span: Period,
    pay_period: Period,
    day: date,
    gaps: Gaps,
) -> Stakes:
    """The terms for what happened on `day` and the days with it. Raises Missing.

    What is read to date is read over the span in which the day lies, up to the end of the pay
    period, or of the span where that is earlier: a week may end in another month.

    A test that cannot be read, for want of a quota, does not hold, and that is told.
    """

    if component.has_plain_terms:
        return _plain_stakes(agreement, component, span, pay_period)

    def read(said: Mapping[str, Any], over: Period, until: date) -> Fraction | None:
        try:
            return agreement.reading(component, said, over, until)
        except Missing as missing:
            gaps.tell(component, pay_period, missing)
            return None

    stakes = Stakes()
    if component.needs_quota:
        stakes.quota = _quota(agreement, component, span, pay_period)
    if component.sum.needs_target:
        stakes.target_incentive = _target(agreement, component, span, pay_period)
    if component.gate:
        stakes.gate_holds = _gate_holds(agreement, component, pay_period, day, read)
    stakes.factor = _factor(agreement, component, pay_period, day, read)
    stakes.failing = _failing(agreement, component, pay_period, day, read)
    stakes.working = _working(component, stakes)
    return stakes


def _working(component: Component, stakes: Stakes) -> dict[str, Any]:
    """The notes that explain the terms."""
    working: dict[str, Any] = {}
    if stakes.quota is not None:
        working["quota"] = plain(stakes.quota)
    if component.gate:
        said = "yes" if stakes.gate_holds else "no"
        working["gate"] = f"{describe_gate(component.gate)}: {said}"
    if stakes.factor is not ONE:
        working["multiplier"] = plain(stakes.factor)
    if stakes.failing:
        tests = component.sum.tier_tests
        failing = sorted(stakes.failing)
        working["not_reached"] = "; ".join(describe_test(tests[at]) for at in failing)
    return working


def _plain_stakes(
    agreement: AgreementCase, component: Component, span: Period, pay_period: Period
) -> Stakes:
    if not component.needs_quota:
        return PLAIN
    quota = _quota(agreement, component, span, pay_period)
    return Stakes(quota, working={"quota": plain(quota)})


def _quota(
    agreement: AgreementCase, component: Component, span: Period, pay_period: Period
) -> Fraction:
    quota = agreement.quota(component.attainment_measure, span, pay_period, component=component)
    if not quota:
        raise missing_quota(span, quota)
    return quota


def _target(
    agreement: AgreementCase, component: Component, span: Period, pay_period: Period
) -> Fraction:
    target = agreement.target_incentive(component, span, pay_period)
    if target is None:
        raise Missing(
            "target_missing", f"No target incentive is set for {span.key}, so nothing is paid."
        )
    return target


# Reads what a test or a multiplier names over the days of a span before a day.
_Read = Callable[[Mapping[str, Any], Period, date], Fraction | None]


def _gate_holds(
    agreement: AgreementCase, component: Component, pay_period: Period, day: date, read: _Read
) -> bool:
    gate = component.gate
    assert gate is not None, "asked only where there is a gate"

    def holds(test: Mapping[str, Any]) -> bool:
        if gate["judged"] == "to_date":
            return _holds_to_date(agreement, component, test, pay_period, day, read)
        span = agreement.calendar.period_of(day, test["over"])
        return reaches(test, read(test, span, span.end_day), upper=component.upper)

    return all(map(holds, gate["all"])) and (not gate["any"] or any(map(holds, gate["any"])))


def _holds_to_date(
    agreement: AgreementCase,
    component: Component,
    test: Mapping[str, Any],
    pay_period: Period,
    day: date,
    read: _Read,
) -> bool:
    span = agreement.calendar.period_of(day, test["over"])
    return reaches(test, read(test, span, pay_period.end_day), upper=component.upper)


def _factor(
    agreement: AgreementCase, component: Component, pay_period: Period, day: date, read: _Read
) -> Fraction:
    multiplier = component.multiplier
    if multiplier is None:
        return ONE
    if "factor" in multiplier:
        return factor_for(multiplier, None, upper=component.upper)
    span = agreement.calendar.period_of(day, multiplier["over"])
    found = read(multiplier, span, pay_period.end_day)
    return factor_for(multiplier, found, upper=component.upper)


def _failing(
    agreement: AgreementCase, component: Component, pay_period: Period, day: date, read: _Read
) -> frozenset[int]:
    tests = component.sum.tier_tests
    if not tests:
        return NOTHING_FAILS
    return frozenset(
        at
        for at, test in tests.items()
        if not _holds_to_date(agreement, component, test, pay_period, day, read)
    )
