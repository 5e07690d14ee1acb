"""The pay curves of a plan, ready to be drawn: the draft solid, the version in force dotted."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median_low
from typing import Any

from incentives.core.calendar import Calendar
from incentives.core.components import DEAL, Component
from incentives.core.pay_curve import PayCurve, has_curve
from incentives.core.plans import Plan
from incentives.store.quotas import quotas_for
from incentives.web import formats
from incentives.web.shares import percent_text

_SHOWN_QUOTA = Decimal(100_000)
_STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))


def curves(
    draft: Plan, in_force: Plan | None, payee_ids: Sequence[int], calendar: Calendar, today: date
) -> dict[str, dict[str, Any]]:
    """The curve of each component whose pay bends, by its key. `in_force` is drawn beside it."""
    found = {}
    for component in draft.components:
        if has_curve(component):
            before = in_force.component(component.key) if in_force else None
            period = calendar.period_of(today, _span(component))
            quota = _usual_quota(payee_ids, component, period.key)
            found[component.key] = _drawn(component, before, quota)
    return found


def _span(component: Component) -> str:
    """The period whose quota the curve speaks of."""
    return "quarter" if component.accumulates in (DEAL, "day") else component.accumulates


def _usual_quota(payee_ids: Sequence[int], component: Component, period: str) -> Fraction:
    """The middle quota of those on the plan, so that the curve speaks of somebody real."""
    found = quotas_for(component.attainment_measure, period, payee_ids).values()
    return Fraction(median_low(found) if found else _SHOWN_QUOTA)


def _drawn(component: Component, before: Component | None, quota: Fraction) -> dict[str, Any]:
    compared = [component, before] if before and has_curve(before) else [component]
    curves = [PayCurve(each, quota) for each in compared]
    marks = _results(curves)
    drawn = [curve.points(marks) for curve in curves]
    top = _round_up(max(point.earned for points in drawn for point in points))
    last = marks[-1]

    def line(curve: PayCurve) -> str:
        outline = curve.outline(marks)
        return " ".join(
            f"{int(p.result / last * 1000)},{1000 - int(p.earned / top * 1000)}" for p in outline
        )

    kinds = (("draft", "Draft"), ("past", "In force")) if before else (("draft", ""),)
    unit = " %" if component.sum.needs_target else ""
    names = ["Draft", "In force"] if len(curves) > 1 else ["Pay"]
    return {
        "title": component.name,
        "note": _note(component, quota),
        "label": f"Pay by {'attainment' if component.needs_quota else 'result'}, {component.name}",
        "lines": [
            {"kind": kind, "points": line(curve), "label": label}
            for (kind, label), curve in zip(kinds, curves, strict=False)
        ],
        "x_ticks": _x_ticks(component, marks, quota),
        "y_ticks": [(1000 - 250 * n, _figure(top * n / 4, unit)) for n in range(5)],
        "columns": ["Result", *names],
        "rows": [
            [
                f"Pay at {_x_label(component, mark, quota)}",
                *(_figure(points[at].earned, unit, 2) for points in drawn),
            ]
            for at, mark in enumerate(marks)
        ],
    }


def _note(component: Component, quota: Fraction) -> str:
    """What the axes speak of."""
    said = [f"quota {formats.number(_shown(quota))}"] if component.needs_quota else []
    return ", ".join([*said, "share of the target"] if component.sum.needs_target else said)


def _figure(value: Fraction, unit: str, decimals: int = 0) -> str:
    return f"{formats.number(_shown(value), decimals)}{unit}"


def _shown(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _results(curves: Sequence[PayCurve]) -> list[Fraction]:
    """Where a line may bend, from nothing to a little beyond the last bound."""
    found = sorted({Fraction(0)}.union(*(curve.bends() for curve in curves)))
    return [*found, found[-1] * Fraction(6, 5)]


def _x_label(component: Component, result: Fraction, quota: Fraction) -> str:
    if component.needs_quota:
        share = _shown(result / quota).quantize(Decimal("0.0001"))
        return f"{percent_text(format(share, 'f'))} %"
    return formats.number(_shown(result))


def _x_ticks(
    component: Component, marks: Sequence[Fraction], quota: Fraction
) -> list[tuple[int, str]]:
    """The bounds, those left out whose words would run into each other. The last one is written
    before its place, so it needs more room."""
    ticks: list[tuple[int, str]] = []
    for mark in marks:
        place = int(mark / marks[-1] * 1000)
        room = 90 if place < 1000 else 190
        if not ticks or place - ticks[-1][0] >= room:
            ticks.append((place, _x_label(component, mark, quota)))
    return ticks


def _round_up(value: Fraction) -> Fraction:
    """The next round number above, for the top of an axis."""
    if value <= 0:
        return Fraction(1)
    magnitude = Fraction(10) ** _shown(value).adjusted()
    return next(step * magnitude for step in _STEPS if step * magnitude >= value)
