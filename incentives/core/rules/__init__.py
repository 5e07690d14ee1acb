"""One file per rule type. Each has

KIND, LABEL    its name in documents, and on screens
YIELDS         which of points, money and badge it can give
Params         a marshmallow schema of its parameters; its docstring is the help beside the form
Rule           the sum: `ByActivity` or `ByPeriod`, made once from the parameters
EXAMPLE        a worked example that runs as a test

Whether a rule pays by activity or by period is said by the class: one line for each credit, or one
for each pay period (semantics 7).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from incentives.core.calendar import Calendar, Period
from incentives.core.words import plain

# What one row of a table pays, as texts: {"rate": "0.04"}; slices name rows by number, from 1.
Rows = Sequence[Mapping[str, str]]
# What failed or held of the conditions that tiers have of their own: tier number -> holds.
NOTHING_FAILS: frozenset[int] = frozenset()


_PLAIN_CALENDAR = Calendar(ZoneInfo("UTC"))


@dataclass(slots=True)
class Flow:
    """A run of credits, in order, under the same terms. One `scale` stands under all its numbers.

    `values` are what is paid on, `moves` what moves the position: the same list, unless the
    component has another basis of attainment. `start` is the position before the first credit,
    `quota` in units of the measure. `failing` are the tiers whose own condition does not hold.
    `earlier` are the days and values of the span before this run.
    """

    values: list[int]
    moves: list[int]
    start: int
    scale: int
    quota: Fraction | None = None
    failing: frozenset[int] = NOTHING_FAILS
    held: int = 0
    days: Sequence[date] = ()
    attributes: Sequence[Mapping[str, str]] = ()
    earlier: Sequence[tuple[date, int]] = ()
    is_working_day: Callable[[date], bool] = lambda day: True
    period_of: Callable[[date, str], Period] = _PLAIN_CALENDAR.period_of

    def of_one(self, at: int) -> "Flow":
        """One of the credits, as if there were no other in its span."""
        values = [self.values[at]]
        return Flow(
            values=values,
            moves=values if self.moves is self.values else [self.moves[at]],
            start=0,
            scale=self.scale,
            quota=self.quota,
            failing=self.failing,
            days=self.days[at : at + 1],
            attributes=self.attributes[at : at + 1],
            is_working_day=self.is_working_day,
            period_of=self.period_of,
        )


@dataclass(slots=True)
class Earned:
    """What each credit of a flow earns: `amounts[i] / per`, unrounded, in units of the yield.

    `steps[i]` says how: "1:4000,2:2000" is 4,000 at the first of `rows` and 2,000 at the second,
    each over `scale`. `held` is how many awards the payee has at the end, for rules that give each
    once: the next run of the span begins with it.
    """

    amounts: list[int]
    per: int
    steps: list[str]
    rows: Rows
    scale: int
    held: int = 0


@dataclass(slots=True)
class Reach:
    """How far a payee came in a span, for rules that pay by period.

    `reached` is the result to date, `base` what is paid on. Where only a part of the span is paid,
    it lies in the running sum from `start` on and `moved` it by so much.
    """

    reached: Fraction
    base: Fraction
    quota: Fraction | None = None
    start: Fraction = Fraction(0)
    moved: Fraction | None = None
    failing: frozenset[int] = NOTHING_FAILS
    target_incentive: Fraction | None = None
    achievements: Callable[[Mapping[str, Any]], Fraction | None] = lambda item: None

    @property
    def attainment(self) -> Fraction:
        assert self.quota, "rules by attainment are never asked without a quota"
        return self.reached / self.quota

    def notes(self) -> dict[str, str]:
        """How far it is, for the working of a line; attainment with up to six decimals."""
        said = {"reached": plain(self.reached)}
        if self.quota:
            said |= {"quota": plain(self.quota), "attainment": plain(round(self.attainment, 6))}
        return said


@dataclass(slots=True)
class Due:
    """What a rule gives for a reach, unrounded; `slices` are (row, base), `notes` are explained."""

    amount: Fraction
    slices: list[tuple[int, Fraction]]
    rows: Rows
    notes: dict[str, str] = field(default_factory=dict)


class RuleSum(ABC):
    """What the two ways to pay have in common."""

    needs_quota: bool = False
    needs_target: bool = False
    # Whether pay jumps on a bound, so that it matters which side the bound is on.
    jumps: bool = False
    # Whether it counts the very units it pays for, so that no other basis can move its position.
    counts_own_units: bool = False
    # Tests that tiers have of their own, by tier number.
    tier_tests: Mapping[int, Mapping[str, Any]] = {}

    def __init__(self, params: dict[str, Any], *, at_bound: str = "upper") -> None:
        self.params = params
        self.upper = at_bound == "upper"

    @abstractmethod
    def describe(self, unit: str) -> str:
        """The rule as a sentence that a rep understands, to stand behind "earns"."""

    def bends(self, quota: Fraction | None) -> list[Fraction]:
        """The results at which the pay curve may bend or jump, ascending."""
        return []


class ByActivity(RuleSum):
    """Each credit has a line. What it earns is what the whole earns with it less without it."""

    # Whether what a credit earns depends on the credits before it.
    needs_position: bool = True
    # What of a flow beside its numbers the rule looks at.
    reads_days: bool = False
    reads_attributes: bool = False
    # Whether it gives something now and then only, so that a line of 0 says nothing.
    sparse: ClassVar[bool] = False

    @abstractmethod
    def earn(self, flow: Flow) -> Earned:
        """What each credit of a flow earns, in its order."""

    def earn_alone(self, flow: Flow) -> Earned:
        """The same where each credit is a span of its own: none moves the position of another."""
        found = [self.earn(flow.of_one(at)) for at in range(len(flow.values))]
        of_all = found[0]
        assert all(each.per == of_all.per and each.scale == of_all.scale for each in found), (
            "the terms of a run say over what its numbers stand"
        )
        return replace(
            of_all,
            amounts=[each.amounts[0] for each in found],
            steps=[each.steps[0] for each in found],
        )


class ByPeriod(RuleSum):
    """Each pay period has one line.

    `pays_each_version` says that, where a new version comes in the middle, each version pays its
    own credits; otherwise the version at the end pays for the whole.
    """

    pays_each_version: ClassVar[bool] = False

    @abstractmethod
    def due(self, reach: Reach) -> Due:
        """What is due for a reach."""

    def unit_paid(self, reach: Reach) -> list[tuple[int, Fraction]] | None:
        """The rows that each unit of the base was paid by, with how much of it by each; None where
        an amount was paid for the result as a whole, of which no deal has a part."""
        return None
