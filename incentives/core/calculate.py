"""The sum for one payee: credits in, result lines out. Pure, and the same for every use.

Full recalculation, a single late deal, an estimate and an explanation all call `calculate`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from incentives.core import conditions
from incentives.core.activity import Credit
from incentives.core.calendar import Calendar, Period
from incentives.core.measures import MEASURES
from incentives.core.money import to_minor, whole
from incentives.core.plans import Agreement, Component, PlanVersion
from incentives.core.registry import rule_types
from incentives.core.results import (
    MONEY,
    Calculation,
    CalculationIssue,
    Earning,
    LineKey,
    ResultLine,
)
from incentives.core.rules import Measured

PAY_PERIOD = "month"

# (measure, key of the period) -> quota
Quotas = Mapping[tuple[str, str], Decimal]


@dataclass(frozen=True, slots=True)
class _Counted:
    """A credit that counts for a component, with the version in force when it happened."""

    credit: Credit
    day: date
    value: Decimal
    version: PlanVersion
    component: Component


def calculate(
    agreements: Iterable[Agreement],
    credits: Sequence[Credit],
    quotas: Quotas,
    calendar: Calendar,
) -> Calculation:
    """Everything a payee should have from these credits.

    Credits may come in any order; they are taken in the order of semantics 14. A component without
    the quota it needs gives an issue and no line, and the others go on.
    """
    result = Calculation()
    ordered = [(credit, calendar.day_of(credit.occurred_at)) for credit in _in_order(credits)]
    for agreement in agreements:
        for key in _component_keys(agreement):
            for span, counted in _spans(agreement, key, ordered, calendar, into=result):
                _calculate_span(span, counted, quotas, calendar, into=result)
    return result


def _in_order(credits: Sequence[Credit]) -> list[Credit]:
    return sorted(credits, key=lambda credit: credit.place)


def _component_keys(agreement: Agreement) -> list[str]:
    keys = [c.key for version in agreement.versions for c in version.plan.components]
    return list(dict.fromkeys(keys))


def _spans(
    agreement: Agreement,
    key: str,
    ordered: Sequence[tuple[Credit, date]],
    calendar: Calendar,
    *,
    into: Calculation,
) -> Iterator[tuple[Period, list[_Counted]]]:
    """What counts for a component, by the span over which it accumulates."""
    spans: dict[tuple[str, int], list[_Counted]] = defaultdict(list)
    periods: dict[tuple[str, int], Period] = {}
    for credit, day in ordered:
        counted = _count(agreement, key, credit, day)
        if counted is None:
            continue
        if _is_foreign(counted):
            into.issues.append(_rate_issue(counted))
            continue
        each_deal = counted.component.accumulates == "deal"
        period = calendar.period_of(day, "day" if each_deal else counted.component.accumulates)
        span = (period.key, credit.activity_id if each_deal else 0)
        periods[span] = period
        spans[span].append(counted)
    for span, members in spans.items():
        yield periods[span], members


def _count(agreement: Agreement, key: str, credit: Credit, day: date) -> _Counted | None:
    version = agreement.version_on(day)
    component = version.plan.component(key) if version else None
    if version is None or component is None:
        return None
    value = MEASURES[component.measure].of(credit)
    if value is None or not conditions.holds(component.conditions, credit):
        return None
    return _Counted(credit, day, value, version, component)


def _is_foreign(counted: _Counted) -> bool:
    """An amount in another currency needs a rate; it is never taken as 1 (semantics 9)."""
    is_money = MEASURES[counted.component.measure].unit == "money"
    return is_money and counted.credit.currency != counted.version.plan.currency


def _rate_issue(counted: _Counted) -> CalculationIssue:
    credit, plan = counted.credit, counted.version.plan
    return CalculationIssue(
        counted.component.key,
        counted.day.isoformat(),
        "rate_missing",
        f"{credit.external_id} is in {credit.currency} and no rate to {plan.currency} is set.",
    )


def _calculate_span(
    span: Period,
    counted: list[_Counted],
    quotas: Quotas,
    calendar: Calendar,
    *,
    into: Calculation,
) -> None:
    by_activity = {item.credit.activity_id: item for item in counted}
    quota = quotas.get((counted[-1].component.measure, span.key))
    if any(item.component.needs_quota for item in counted):
        issue = _quota_issue(counted[-1].component, span, quota)
        if issue:
            into.issues.append(issue)
            return
    for earning in _earnings(counted, quota):
        origin = by_activity[earning.credit.activity_id]
        into.lines.append(_line(origin, earning, calendar))


def _quota_issue(
    component: Component, span: Period, quota: Decimal | None
) -> CalculationIssue | None:
    if quota is None:
        code, message = "quota_missing", f"No quota is set for {span.key}, so nothing is paid yet."
    elif quota == 0:
        code, message = "quota_is_zero", f"The quota for {span.key} is 0, so it has no attainment."
    else:
        return None
    return CalculationIssue(component.key, span.key, code, message)


def _earnings(counted: list[_Counted], quota: Decimal | None) -> Iterator[Earning]:
    """Each rule type in use sees the whole span, with parameters only where it was in force."""
    for kind in dict.fromkeys(item.component.rule["kind"] for item in counted):
        measured = [
            Measured(
                item.credit,
                item.value,
                item.component.rule if item.component.rule["kind"] == kind else None,
            )
            for item in counted
        ]
        yield from rule_types()[kind].earn(measured, quota)


def _line(origin: _Counted, earning: Earning, calendar: Calendar) -> ResultLine:
    component, plan = origin.component, origin.version.plan
    is_money = component.yields == MONEY
    amount = to_minor(earning.amount, plan.currency) if is_money else whole(earning.amount)
    return ResultLine(
        key=LineKey(
            plan_id=origin.version.plan_id,
            component=component.key,
            activity_id=origin.credit.activity_id,
            period=calendar.period_of(origin.day, PAY_PERIOD).key,
        ),
        yields=component.yields,
        amount=amount,
        currency=plan.currency_of(component),
        plan_version_id=origin.version.id,
        day=origin.day,
        working={**earning.steps, "exact": str(earning.amount)},
    )
