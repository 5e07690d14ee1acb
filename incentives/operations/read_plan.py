"""Read a plan: what it pays in plain words, its versions, and who is on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from incentives.core import conditions
from incentives.core.components import Component
from incentives.core.describe import counted, further_terms, unit_of
from incentives.core.plans import Plan, PlanVersion, version_in_force
from incentives.core.results import BADGE, MONEY, POINTS
from incentives.errors import NotFound
from incentives.store import plans
from incentives.store.companies import the_company
from incentives.store.plans import Assignment, StoredPlan, StoredPlanVersion

_VERBS = {MONEY: "Pays", POINTS: "Gives", BADGE: "Won"}
_SPANS = {
    "deal": "Each deal by itself.",
    "day": "Counted over each day.",
    "week": "Counted over each week.",
    "month": "Counted over each month.",
    "quarter": "Counted over each quarter.",
    "year": "Counted over each year.",
}


@dataclass(frozen=True, slots=True)
class ComponentInWords:
    """One component: what the rule gives, what it counts and over which span, and what else holds,
    as parts of sentences in the order in which they are applied."""

    component: Component
    counted: str
    sentence: str
    span: str
    only_where: str
    further: Sequence[str]


@dataclass(frozen=True, slots=True)
class PlanReading:
    """`shown` is the version in force today, or the first to come where none is yet."""

    plan: StoredPlan
    versions: Sequence[StoredPlanVersion]
    shown: StoredPlanVersion
    in_force: StoredPlanVersion | None
    components: list[ComponentInWords]
    assignments: list[Assignment]
    today: date

    @property
    def current_assignments(self) -> list[Assignment]:
        return [a for a in self.assignments if a.end_day is None or a.end_day > self.today]

    @property
    def currency(self) -> str:
        return str(self.shown.document["currency"])


def read_plan_page(slug: str, *, now: datetime, version: int | None = None) -> PlanReading:
    """A plan as it is today; with `version`, as that version says. Raises NotFound."""
    plan = plan_called(slug)
    today = the_company().calendar.day_of(now)
    in_force = _in_force(plan, today)
    shown = in_force or plan.versions[0]
    if version is not None:
        shown = version_called(plan, version)
    return PlanReading(
        plan=plan,
        versions=list(reversed(plan.versions)),
        shown=shown,
        in_force=in_force,
        components=[in_words(each, shown.core.plan) for each in shown.core.plan.components],
        assignments=sorted(
            plans.assignments_of_plan(plan.id), key=lambda a: (a.payee.name.casefold(), a.first_day)
        ),
        today=today,
    )


def plan_called(slug: str) -> StoredPlan:
    plan = plans.plan_by_slug(slug)
    if plan is None:
        raise NotFound("There is no such plan.")
    return plan


def version_called(plan: StoredPlan, number: int) -> StoredPlanVersion:
    found = next((version for version in plan.versions if version.number == number), None)
    if found is None:
        raise NotFound(f"{plan.name} has no version {number}.")
    return found


def _in_force(plan: StoredPlan, day: date) -> StoredPlanVersion | None:
    versions: tuple[PlanVersion, ...] = tuple(version.core for version in plan.versions)
    found = version_in_force(versions, day)
    return version_called(plan, found.number) if found else None


def in_words(component: Component, plan: Plan) -> ComponentInWords:
    said = component.sum.describe(unit_of(component, plan.currency))
    what = counted(component)
    return ComponentInWords(
        component=component,
        counted=what[0].upper() + what[1:],
        sentence=f"{_VERBS[component.yields]} {said}",
        span=_SPANS[component.accumulates],
        only_where=conditions.describe(component.conditions),
        further=further_terms(component, plan.currency, pays=plan.pays),
    )
