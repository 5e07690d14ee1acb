"""Fair readings: what a number of somebody is worth on a board. One function a reading.

Each takes what an entrant did and gives the number they are ranked by, or None where they cannot
be ranked: too few tries, no target, no day on which they were there, nothing to improve on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from incentives.core.measures import Kpi
from incentives.core.ranking import Number
from incentives.core.standings import kpi_value

RAW, OF_TARGET, PER_DAY, IMPROVEMENT, RATIO = (
    "raw",
    "of_target",
    "per_available_day",
    "improvement",
    "ratio",
)


@dataclass(frozen=True, slots=True)
class Done:
    """What one entrant did in a span, by measure, and in the own baseline.

    `days` are those on which they were there: working days without holidays and leave.
    """

    kpi: Kpi
    values: Mapping[str, Decimal]
    target: Fraction | None = None
    days: int = 0
    before: Mapping[str, Decimal] = field(default_factory=dict)
    days_before: int = 0


Reading = Callable[[Done], Number | None]


def raw(done: Done) -> Number | None:
    """The number itself. A ratio ranks only from its minimum volume (semantics 31)."""
    return kpi_value(done.kpi, done.values)


def of_target(done: Done) -> Number | None:
    """The share of the own target that is reached: 40 of 50 is 0.8.

    Where less is better it is 2 less that share: at equality the target is met, and half of it
    counts 1.5. Without a target above 0 nobody is ranked.
    """
    value = kpi_value(done.kpi, done.values)
    if value is None or done.target is None or done.target <= 0:
        return None
    reached = Fraction(value) / done.target
    return 2 - reached if done.kpi.lower_is_better else reached


def per_available_day(done: Done) -> Number | None:
    """The number a day. Who was away all the time is unranked, not last (semantics 31)."""
    value = kpi_value(done.kpi, done.values)
    if value is None or done.days <= 0:
        return None
    return value if done.kpi.over else Fraction(value) / done.days


def improvement(done: Done) -> Number | None:
    """How much better than in the own baseline: 0.25 is a quarter better.

    Sums are compared a day that one was there, so that a running period can be held against whole
    ones. Without a baseline above 0 there is nothing to improve on.
    """
    now = per_available_day(done)
    before = per_available_day(Done(done.kpi, done.before, days=done.days_before))
    if now is None or before is None or before <= 0:
        return None
    better = Fraction(now) / Fraction(before) - 1
    return -better if done.kpi.lower_is_better else better


# A ratio of two measures is read as it is: the KPI made of them knows its minimum volume.
READINGS: dict[str, Reading] = {
    RAW: raw,
    OF_TARGET: of_target,
    PER_DAY: per_available_day,
    IMPROVEMENT: improvement,
    RATIO: raw,
}
