"""What a draft would change, as its template shows it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from incentives.operations.preview_plan import PayeeEffect, PlanEffect
from incentives.web import formats


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
