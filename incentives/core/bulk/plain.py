"""Which payees can be summed together with others: those whose plans are of the plainest kind."""

from functools import lru_cache

from incentives.core import conditions
from incentives.core.bulk.flows import ForMany
from incentives.core.case import Case
from incentives.core.claw_back import AT_CURRENT_TIER
from incentives.core.columns import ALL, Columns
from incentives.core.components import BEGUN, DEAL, LENGTH, OWN, Component
from incentives.core.finishing import cap_kind
from incentives.core.measures import MEASURES
from incentives.core.plans import Agreement, Plan, PlanVersion
from incentives.core.versions import version_spans


def is_plain(case: Case, columns: Columns) -> bool:
    """Whether each activity counts once, in the plans' currency, under plain plans alone."""
    if columns.overlays and any(columns.overlays):
        return False
    if len(set(columns.activity_ids)) < len(columns):
        return False
    is_cancelled = bool(columns.reversed_at and case.locks)
    currencies = set(columns.currencies)
    return all(_is_plain(each, currencies, is_cancelled) for each in case.agreements)


def _is_plain(agreement: Agreement, currencies: set[str | None], is_cancelled: bool) -> bool:
    spans = version_spans(agreement)
    if len(spans) > 1:
        return False
    plans = [span.plan for span in spans]
    if is_cancelled and any(plan.claw_back.policy == AT_CURRENT_TIER for plan in plans):
        return False
    return all(currencies <= {plan.currency} for plan in plans) and all(
        map(_has_plain_plan, agreement.versions)
    )


@lru_cache(maxsize=1024)
def _has_plain_plan(version: PlanVersion) -> bool:
    return all(_is_plain_component(version.plan, each) for each in version.plan.components)


def _is_plain_component(plan: Plan, component: Component) -> bool:
    rule = component.sum
    return (
        isinstance(rule, ForMany)
        and rule.takes_many
        and component.credited == OWN
        and component.credits == ALL
        and component.has_plain_terms
        and component.attainment is None
        and component.budget is None
        and component.floor is None
        and MEASURES[component.measure].by is None
        and not conditions.reads_amount(component.conditions)
        and not (component.looks_back and component.accumulates == DEAL)
        and not component.quota_grows(plan.pays)
        and _has_plain_cap(plan, component)
    )


def _has_plain_cap(plan: Plan, component: Component) -> bool:
    """A cap that does not grow inside the period that it holds for."""
    if component.cap is None:
        return True
    if "of_target" in component.cap:
        return False
    is_longer = LENGTH[cap_kind(component, plan.pays)] > LENGTH[plan.pays]
    return "amount" in component.cap or component.quota_span != BEGUN or not is_longer
