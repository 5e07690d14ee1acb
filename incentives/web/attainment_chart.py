"""Attainment as a curve against the pace of working days, with its figures as a table."""

from decimal import Decimal
from typing import Any

from incentives.core.calendar import Calendar
from incentives.operations.read_attainment import Attainment, PacePoint
from incentives.web import formats

# The drawing is a thousand wide and a thousand high; above the highest line stays some air.
FIELD = 1000
AIR = Decimal("1.12")


def curve(attainment: Attainment, calendar: Calendar) -> dict[str, Any] | None:
    """The arguments of `curve_chart`; None without a quota, which leaves nothing to measure by."""
    if attainment.quota is None or attainment.ratio is None:
        return None
    last = attainment.points[-1]
    top = max(Decimal(1), *(point.attainment for point in attainment.points)) * AIR
    lowest = min(Decimal(0), *(point.attainment for point in attainment.points))
    scale = _Scale(attainment, lowest, top)
    return {
        "label": sentence(attainment),
        "lines": [
            {"kind": "pace", "points": scale.pace_line(), "label": "Pace of working days"},
            {"kind": "now", "points": scale.own_line(), "label": "Credited"},
        ],
        "goal": {"y": scale.y(Decimal(1)), "label": f"Quota {_figure(attainment.quota)}"},
        "marks": [_mark(scale, last)],
        "x_ticks": [
            (
                scale.x_of_day((month.first_day - attainment.span.first_day).days),
                formats.short_month(month),
            )
            for month in calendar.parts(attainment.span, "month")
        ],
        "columns": ["Until", "Credited", "Attainment", "Pace"],
        "rows": [_row(point) for point in _by_week(attainment)],
    }


def sentence(attainment: Attainment) -> str:
    """What the curve says: 98.6 % of quota, 14.4 points ahead of pace."""
    text = f"{formats.percent(attainment.ratio)} of quota by {formats.short_day(attainment.day)}"
    return f"{text}, {pace_text(attainment)}"


def pace_text(attainment: Attainment) -> str:
    """14.4 points ahead of pace."""
    if attainment.ahead is None:
        return "the first working day is still to come"
    points = formats.number(abs(attainment.ahead) * 100, 1)
    if points == "0.0":
        return "right on pace"
    return f"{points} points {'ahead of' if attainment.ahead > 0 else 'behind'} pace"


class _Scale:
    """From days and shares of the quota to places in the drawing."""

    def __init__(self, attainment: Attainment, lowest: Decimal, top: Decimal) -> None:
        self.attainment, self.lowest, self.top = attainment, lowest, top

    def x_of_day(self, days: int) -> int:
        return FIELD * days // self.attainment.span.days

    def y(self, share: Decimal) -> int:
        return int(FIELD * (self.top - share) / (self.top - self.lowest))

    def x(self, point: PacePoint) -> int:
        return self.x_of_day((point.day - self.attainment.span.first_day).days + 1)

    def own_line(self) -> str:
        start = f"0,{self.y(Decimal(0))}"
        shape = (f"{self.x(point)},{self.y(point.attainment)}" for point in self.attainment.points)
        return " ".join([start, *shape])

    def pace_line(self) -> str:
        return f"0,{self.y(Decimal(0))} {FIELD},{self.y(Decimal(1))}"


def _mark(scale: _Scale, last: PacePoint) -> dict[str, Any]:
    x = scale.x(last)
    return {
        "x": x,
        "y": scale.y(last.attainment),
        "label": formats.percent(last.attainment),
        "anchor": "end" if x > FIELD // 2 else "start",
        "dot": True,
    }


def _by_week(attainment: Attainment) -> list[PacePoint]:
    """The Sundays, and the last day."""
    sundays = [point for point in attainment.points if point.day.weekday() == 6]
    last = attainment.points[-1]
    return sundays if sundays and sundays[-1] == last else [*sundays, last]


def _row(point: PacePoint) -> list[str]:
    return [
        formats.day(point.day),
        _figure(point.credited),
        formats.percent(point.attainment),
        formats.percent(point.pace),
    ]


def _figure(value: Decimal) -> str:
    return formats.number(value, 0 if value == value.to_integral_value() else 2)
