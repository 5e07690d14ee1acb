"""Read how far a payee is towards the quota, day by day, against the pace of working days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import NamedTuple

from incentives.core.calendar import Calendar, Period
from incentives.core.components import WHOLE, Component
from incentives.core.measures import MEASURES
from incentives.core.money import EXACT
from incentives.core.pace import finish, pace
from incentives.core.plans import Agreement, PlanVersion
from incentives.core.quotas import quota_for
from incentives.core.words import plain
from incentives.store import day_results, plans, quotas
from incentives.store.leave import days_off, leave_days_of


@dataclass(frozen=True, slots=True)
class PacePoint:
    """Where one stood at the end of a day, and where the pace stood."""

    day: date
    credited: Decimal
    attainment: Decimal
    pace: Decimal


@dataclass(frozen=True, slots=True)
class Attainment:
    """`ahead` is attainment less pace, `finish` where it leads; both None before the first working
    day, and all four None without a quota (semantics 15)."""

    measure: str
    unit: str
    span: Period
    day: date
    quota: Decimal | None
    credited: Decimal
    ratio: Decimal | None
    pace: Decimal | None
    ahead: Decimal | None
    finish: Decimal | None
    points: tuple[PacePoint, ...]
    months: tuple[tuple[Period, Decimal], ...]


class QuotaComponent(NamedTuple):
    """A component that pays by attainment, with the agreement and the version it is of."""

    agreement: Agreement
    version: PlanVersion
    component: Component


def quota_component(payee_id: int, day: date) -> QuotaComponent | None:
    """The first component that a payee's plans of a day pay by attainment."""
    for agreement in plans.agreements_of(payee_id):
        version = agreement.version_on(day)
        for component in version.plan.components if version else ():
            if version is not None and component.needs_quota:
                return QuotaComponent(agreement, version, component)
    return None


def whole_quota(
    payee_id: int, counted: QuotaComponent, span: Period, day: date, calendar: Calendar
) -> Decimal | None:
    """The quota of a whole span as the plan reads it: seasons, ramp, proration and leave."""
    agreement, version, component = counted
    found = quota_for(
        quotas.quotas_of(payee_id),
        component.attainment_measure,
        span,
        calendar.period_of(day, version.plan.pays),
        quota_span=WHOLE,
        terms=version.plan.quotas,
        assigned=(agreement.first_day, agreement.end_day),
        leave=leave_days_of([payee_id], span.end_day).get(payee_id, frozenset()),
        calendar=calendar,
    )
    return None if found is None else Decimal(plain(found))


def read_attainment(payee_id: int, day: date, calendar: Calendar) -> Attainment:
    """The attainment of the quota that decides a payee's pay, as it stood at the end of a day."""
    counted = quota_component(payee_id, day)
    measure = counted.component.attainment_measure if counted else "revenue"
    span = calendar.period_of(day, counted.component.accumulates if counted else "quarter")
    if counted is None:
        quota = quotas.quotas_of(payee_id).get((measure, span.key))
    else:
        quota = whole_quota(payee_id, counted, span, day, calendar)
    credited = _credited_by_day(payee_id, measure, span)
    off = days_off(payee_id, span.end_day)
    points = tuple(_points(credited, quota, span, day, off)) if quota else ()
    last = points[-1] if points else None
    return Attainment(
        measure=measure,
        unit=MEASURES[measure].unit,
        span=span,
        day=day,
        quota=quota,
        credited=_between(credited, span.first_day, day),
        ratio=last.attainment if last else None,
        pace=last.pace if last else None,
        ahead=last.attainment - last.pace if last and last.pace else None,
        finish=finish(last.attainment, last.pace) if last else None,
        points=points,
        months=tuple(
            (month, _between(credited, month.first_day, min(month.last_day, day)))
            for month in calendar.parts(span, "month")
        ),
    )


def _credited_by_day(payee_id: int, measure: str, span: Period) -> dict[date, Decimal]:
    rows = day_results.day_results([measure], span, [payee_id])
    return {row.day: row.value for row in rows}


def _between(credited: dict[date, Decimal], first: date, last: date) -> Decimal:
    with localcontext(EXACT):
        return sum((value for day, value in credited.items() if first <= day <= last), Decimal(0))


def _points(
    credited: dict[date, Decimal],
    quota: Decimal,
    span: Period,
    until: date,
    off: Collection[date],
) -> list[PacePoint]:
    points: list[PacePoint] = []
    reached, day = Decimal(0), span.first_day
    with localcontext(EXACT):
        while day <= min(until, span.last_day):
            reached += credited.get(day, Decimal(0))
            points.append(PacePoint(day, reached, reached / quota, pace(span, day, off)))
            day += timedelta(days=1)
    return points
