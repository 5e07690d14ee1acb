"""What is counted: measures of a credit, and the KPIs made of them.

A measure adds up: a sum over days is the value of any longer span. A KPI is one measure, or the
ratio of two, so that win rate and average deal size are exact for every span and every team.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from incentives.core.activity import LOST, WON, Credit


@dataclass(frozen=True, slots=True)
class Measure:
    """What is added up of the activities of some `kinds`: their amount, or their quantity.

    With `by`, the quantity is multiplied by that attribute, a number. Activities without the
    attribute that a measure `needs` do not count.
    """

    slug: str
    label: str
    unit: str
    kinds: tuple[str, ...]
    by: str | None = None
    needs: str | None = None

    @property
    def is_money(self) -> bool:
        return self.unit == "money"

    def of(self, credit: Credit) -> Decimal | None:
        """A credit's value, or None where the credit does not count."""
        if credit.kind not in self.kinds or not self.counts(credit.attributes):
            return None
        if self.is_money:
            return credit.amount
        return credit.quantity * self.weight(credit.attributes)

    def counts(self, attributes: Mapping[str, str]) -> bool:
        return self.needs is None or self.needs in attributes

    def weight(self, attributes: Mapping[str, str]) -> Decimal:
        return Decimal(attributes[self.by]) if self.by else Decimal(1)


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


_MEASURES = (
    Measure("revenue", "Revenue", "money", (WON,)),
    Measure("deals_won", "Deals won", "count", (WON,)),
    Measure("deals_closed", "Deals closed", "count", (WON, LOST)),
    # Days from engaging to winning, weighed by the payee's share of the deal.
    Measure(
        "days_to_close", "Days to close", "days", (WON,), by="days_to_close", needs="days_to_close"
    ),
    Measure("deals_dated", "Deals won with a known start", "count", (WON,), needs="days_to_close"),
    Measure("calls", "Calls", "count", ("call",)),
    Measure("meetings", "Meetings", "count", ("meeting",)),
    Measure("demos", "Demos", "count", ("demo",)),
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
