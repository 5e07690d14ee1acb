"""What a calculation gives back: lines with their working, and the issues it met."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from incentives.core.working import Working, read_working

POINTS, MONEY, BADGE = "points", "money", "badge"
YIELDS = (POINTS, MONEY, BADGE)

# What a line is: earned, taken back for a cancelled deal, or what a floor adds.
EARNED, TAKEN_BACK, FLOOR = "earned", "taken_back", "floor"
ASPECTS = (EARNED, TAKEN_BACK, FLOOR)
# What finance adds or takes off by hand. No calculation gives it.
ADJUSTED = "adjusted"
# Lines that pay for a period and not for one activity.
NO_ACTIVITY = 0


class Terms(NamedTuple):
    """What many lines have in common: the component, and the numbers that explain them all.

    `working` holds the table that paid (`rows`), the `scale` under the bases of the slices, and
    quota, multiplier, gate or exchange rate where they had a say. Values are texts.
    """

    plan_id: int
    plan_version_id: int
    component: str
    yields: str
    currency: str | None
    working: Mapping[str, Any]

    def saying(self, **more: Any) -> "Terms":
        """The same terms with more in their working."""
        return Terms(
            self.plan_id,
            self.plan_version_id,
            self.component,
            self.yields,
            self.currency,
            {**self.working, **more},
        )


class ResultLine(NamedTuple):
    """What a payee should have about one thing: whole minor units of money, points, or badges.

    `activity_id` is NO_ACTIVITY where the line pays for a whole `period`. `steps` are the slices of
    this line (see `core/working.py`); amount and steps come from the same pass (semantics 25).
    """

    terms: Terms
    activity_id: int
    period: str
    aspect: str
    amount: int
    day: date
    steps: str

    @property
    def component(self) -> str:
        return self.terms.component

    @property
    def yields(self) -> str:
        return self.terms.yields

    @property
    def currency(self) -> str | None:
        return self.terms.currency

    @property
    def working(self) -> Working:
        return read_working(self.terms.working, self.steps)


# ResultLine._make without its check of the length, which takes longer than the making.
as_line = partial(tuple.__new__, ResultLine)


@dataclass(frozen=True, slots=True)
class CalculationIssue:
    """Why a component posts nothing for a period, in words the payee understands."""

    component: str
    period: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Calculation:
    lines: list[ResultLine] = field(default_factory=list)
    issues: list[CalculationIssue] = field(default_factory=list)
