"""A plan as its templates show it: cards in plain words, the pay curve, the effect of a draft."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import median_low
from typing import Any

from incentives.core.components import Component
from incentives.core.pay_curve import PayCurve, has_curve
from incentives.core.plans import Plan
from incentives.core.results import MONEY
from incentives.operations.preview_plan import PayeeEffect, PlanEffect
from incentives.operations.read_plan import ComponentInWords, in_words
from incentives.store.quotas import quotas_for
from incentives.web import formats
from incentives.web.plan_form import percent_text

_YIELDS = {"money": "Pay", "points": "Points", "badge": "Badge"}
_ICONS = {"money": "percentage", "points": "hash", "badge": "award"}
_SHOWN_QUOTA = Decimal(100_000)
_STEPS = (Fraction(1), Fraction(2), Fraction(5, 2), Fraction(5), Fraction(10))


def component_card(said: ComponentInWords) -> dict[str, Any]:
    component = said.component
    text = component.rule.get("icon") if component.yields == "badge" else None
    return {
        "name": component.name,
        "key": component.key,
        "yields": _YIELDS[component.yields],
        "plate": "outline" if component.yields == MONEY else "ink",
        "icon": None if text and text != "award" else _ICONS[component.yields],
        "text": text if text != "award" else None,
        "sentence": said.sentence,
        "detail": f"{said.counted}. {said.span}",
        "only_where": said.only_where,
        "further": [f"{part[0].upper()}{part[1:]}." for part in said.further],
    }


def cards(plan: Plan) -> list[dict[str, Any]]:
    return [component_card(in_words(component, plan)) for component in plan.components]


def usual_quota(payee_ids: Sequence[int], component: Component, period: str) -> Decimal:
    """The middle quota of those on the plan, so that the curve speaks of somebody real."""
    found = quotas_for(component.measure, period, payee_ids).values()
    return median_low(found) if found else _SHOWN_QUOTA


def curve(
    draft: Plan, in_force: Plan | None, payee_ids: Sequence[int], period: str
) -> dict[str, Any] | None:
    """The pay curve of the first component that has one: draft solid, version in force dotted."""
    component = next((c for c in draft.components if _is_drawn(c)), None)
    if component is None:
        return None
    before = in_force.component(component.key) if in_force else None
    quota = Fraction(usual_quota(payee_ids, component, period))
    curves = [PayCurve(each, quota) for each in (component, before) if each and _is_drawn(each)]
    marks = _results(curves)
    drawn, *others = [drawing.points(marks) for drawing in curves]
    past = others[0] if others else []
    top = _round_up(max(point.earned for point in [*drawn, *past]))
    last = marks[-1]

    def at(result: Fraction, earned: Fraction) -> str:
        return f"{int(result / last * 1000)},{1000 - int(earned / top * 1000)}"

    def line(drawing: PayCurve) -> str:
        return " ".join(at(point.result, point.earned) for point in drawing.outline(marks))

    lines = [{"kind": "draft", "points": line(curves[0])}]
    labels = [f"Pay at {_x_label(component, m, quota)}" for m in marks]
    if past and in_force is not draft:
        lines[0]["label"] = "Draft"
        lines.append({"kind": "past", "points": line(curves[1]), "label": "In force"})
    return {
        "title": component.name,
        "note": f"quota {formats.number(_shown(quota))}" if component.needs_quota else "",
        "label": f"Pay by {'attainment' if component.needs_quota else 'sales'}, {component.name}",
        "lines": lines,
        "x_ticks": _x_ticks(component, marks, quota),
        "y_ticks": [(1000 - 250 * n, formats.number(_shown(top * n / 4))) for n in range(5)],
        "columns": ["Sales", "Draft", "In force"] if past else ["Sales", "Pay"],
        "rows": [
            [
                label,
                formats.number(_shown(p.earned), 2),
                *([formats.number(_shown(past[i].earned), 2)] if past else []),
            ]
            for i, (label, p) in enumerate(zip(labels, drawn, strict=True))
        ],
    }


def _is_drawn(component: Component) -> bool:
    """A share of a target that differs from payee to payee has no one curve."""
    return has_curve(component) and not component.sum.needs_target


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


def effect_view(effect: PlanEffect) -> dict[str, Any]:
    """The effect of a draft: totals, one bar for each payee, the biggest changes."""
    now, drafted = effect.total("now"), effect.total("all_quarter")
    published = effect.total("published")
    currency = effect.currency
    gain = [e for e in effect.payees if _change(e) > 0]
    lose = [e for e in effect.payees if _change(e) < 0]
    return {
        "quarter": f"{formats.short_day(effect.quarter.first_day)} to "
        f"{formats.short_day(effect.quarter.last_day)} {effect.quarter.last_day.year}",
        "payees": len(effect.payees),
        "deals": effect.deals,
        "now": formats.money(now.money, currency),
        "drafted": formats.money(drafted.money, currency),
        "difference": _signed_money(drafted.money - now.money, currency),
        "share": _share(drafted.money - now.money, now.money),
        "points_now": formats.number(now.points),
        "points_drafted": formats.number(drafted.points),
        "published": _signed_money(published.money - now.money, currency),
        "published_points": _signed(published.points - now.points),
        "is_past": effect.is_past,
        "first_day": formats.day(effect.first_day),
        "bars": _bars(effect.payees),
        "bar_rows": [
            [e.payee.name, _signed_money(_change(e), currency)] for e in _by_change(effect.payees)
        ],
        "gain": f"{len(gain)} gain {_signed_money(sum(map(_change, gain)), currency)}",
        "lose": f"{len(lose)} lose {_signed_money(sum(map(_change, lose)), currency)}",
        "same": len(effect.payees) - len(gain) - len(lose),
        "changes": [
            {
                "name": e.payee.name,
                "code": e.payee.code,
                "now": formats.amount(e.now.money, currency),
                "drafted": formats.amount(e.all_quarter.money, currency),
                "change": formats.signed_amount(_change(e), currency),
                "is_up": _change(e) > 0,
                "points": _signed(e.all_quarter.points - e.now.points),
            }
            for e in effect.biggest_changes(8)
        ],
        "currency": currency,
        "warnings": effect.warnings,
    }


def _change(effect: PayeeEffect) -> int:
    return effect.all_quarter.money - effect.now.money


def _by_change(payees: Sequence[PayeeEffect]) -> list[PayeeEffect]:
    return sorted(payees, key=_change, reverse=True)


def _bars(payees: Sequence[PayeeEffect]) -> list[dict[str, Any]]:
    """One bar for each payee, sorted by change, to scale on both sides of the line."""
    ordered = _by_change(payees)
    largest = max((abs(_change(e)) for e in ordered), default=0)
    if not largest:
        return []
    width = 1000 / len(ordered)
    bars = []
    for number, effect in enumerate(ordered):
        height = abs(_change(effect)) * 480 // largest
        up = _change(effect) > 0
        bars.append(
            {
                "x": round(number * width, 1),
                "width": round(width * 0.78, 1),
                "y": 500 - height if up else 500,
                "height": max(height, 4),
                "kind": "bar" if up else "soft",
            }
        )
    return bars


def _signed_money(amount_minor: int, currency: str) -> str:
    text = formats.money(amount_minor, currency)
    return f"+{text}" if amount_minor > 0 else text


def _signed(value: int) -> str:
    return f"+{formats.number(value)}" if value > 0 else formats.number(value)


def _share(difference: int, of: int) -> str:
    if not of:
        return formats.NONE
    text = formats.percent(Decimal(difference) / of)
    return f"+{text}" if difference > 0 else text
