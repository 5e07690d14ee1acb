"""What is counted: measures of a credit, and the KPIs made of them.

A measure adds up: a sum over days is the value of any longer span. A KPI is one measure, or the
ratio of two, so that win rate and average deal size are exact for every span and every team.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from incentives.core.activity import LOST, WON, Credit


@dataclass(frozen=True, slots=True)
class Measure:
    """`of` gives a credit's value, or None where the credit does not count."""

    slug: str
    label: str
    unit: str
    of: Callable[[Credit], Decimal | None]


@dataclass(frozen=True, slots=True)
class Kpi:
    """A number people are compared by. `unit` is money, count, points, ratio or days.

    A ratio ranks only from `minimum_volume` of its lower part (semantics 31).
    """

    slug: str
    label: str
    unit: str
    counts: str
    over: str | None = None
    minimum_volume: int = 0
    lower_is_better: bool = False
    explanation: str = ""

    @property
    def measures(self) -> tuple[str, ...]:
        return (self.counts, self.over) if self.over else (self.counts,)


def _won_amount(credit: Credit) -> Decimal | None:
    return credit.amount if credit.kind == WON else None


def _won(credit: Credit) -> Decimal | None:
    return credit.quantity if credit.kind == WON else None


def _closed(credit: Credit) -> Decimal | None:
    return credit.quantity if credit.kind in (WON, LOST) else None


def _days_to_close(credit: Credit) -> Decimal | None:
    """Days from engaging to winning, weighed by the payee's share of the deal."""
    if credit.kind != WON or "days_to_close" not in credit.attributes:
        return None
    return Decimal(credit.attributes["days_to_close"]) * credit.quantity


def _dated(credit: Credit) -> Decimal | None:
    return credit.quantity if _days_to_close(credit) is not None else None


def _of_kind(kind: str) -> Callable[[Credit], Decimal | None]:
    return lambda credit: credit.quantity if credit.kind == kind else None


_MEASURES = (
    Measure("revenue", "Revenue", "money", _won_amount),
    Measure("deals_won", "Deals won", "count", _won),
    Measure("deals_closed", "Deals closed", "count", _closed),
    Measure("days_to_close", "Days to close", "days", _days_to_close),
    Measure("deals_dated", "Deals won with a known start", "count", _dated),
    Measure("calls", "Calls", "count", _of_kind("call")),
    Measure("meetings", "Meetings", "count", _of_kind("meeting")),
    Measure("demos", "Demos", "count", _of_kind("demo")),
)
MEASURES = {measure.slug: measure for measure in _MEASURES}

# Points are made by plans, not read off a credit, but add up in the same way.
POINTS = "points"

_KPIS = (
    Kpi(
        "revenue",
        "Revenue",
        "money",
        "revenue",
        explanation="The value of won deals, counted on the day they closed.",
    ),
    Kpi("deals_won", "Deals won", "count", "deals_won", explanation="Deals won; a share counts."),
    Kpi(
        "points",
        "Points",
        "points",
        POINTS,
        explanation="Points from every plan, counted on the day of the activity behind them.",
    ),
    Kpi(
        "win_rate",
        "Win rate",
        "ratio",
        "deals_won",
        over="deals_closed",
        minimum_volume=10,
        explanation="Deals won out of deals won or lost. Ranks from 10 closed deals.",
    ),
    Kpi(
        "average_deal",
        "Average deal size",
        "money",
        "revenue",
        over="deals_won",
        minimum_volume=5,
        explanation="Revenue divided by deals won. Ranks from 5 won deals.",
    ),
    Kpi(
        "days_to_close",
        "Days to close",
        "days",
        "days_to_close",
        over="deals_dated",
        minimum_volume=5,
        lower_is_better=True,
        explanation="Average days from engaging to winning. Fewer is better; ranks from 5 deals.",
    ),
    Kpi("calls", "Calls", "count", "calls", explanation="Calls made."),
    Kpi("meetings", "Meetings", "count", "meetings", explanation="Meetings held."),
    Kpi("demos", "Demos", "count", "demos", explanation="Demos given."),
)
KPIS = {kpi.slug: kpi for kpi in _KPIS}


@dataclass(frozen=True, slots=True)
class DayResult:
    """One measure of one payee on one company day.

    `raised_at` is the last instant at which the value grew: the tie clock (semantics 28).
    """

    payee_id: int
    measure: str
    day: date
    value: Decimal
    raised_at: int
