"""Read how far a payee is towards the quota, day by day, against the pace of working days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext

from incentives.core.calendar import Calendar, Period
from incentives.core.components import Component
from incentives.core.measures import MEASURES
from incentives.core.money import EXACT
from incentives.core.pace import finish, pace
from incentives.core.plans import PlanVersion
from incentives.store import day_results, plans, quotas
from incentives.store.leave import days_off


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


def quota_component(payee_id: int, day: date) -> tuple[PlanVersion, Component] | None:
    """The first component that a payee's plans of a day pay by attainment."""
    for agreement in plans.agreements_of(payee_id):
        version = agreement.version_on(day)
        for component in version.plan.components if version else ():
            if version is not None and component.needs_quota:
                return version, component
    return None


def read_attainment(payee_id: int, day: date, calendar: Calendar) -> Attainment:
    """The attainment of the quota that decides a payee's pay, as it stood at the end of a day."""
    counted = quota_component(payee_id, day)
    measure = counted[1].measure if counted else "revenue"
    span = calendar.period_of(day, counted[1].accumulates if counted else "quarter")
    quota = quotas.quotas_of(payee_id).get((measure, span.key))
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
