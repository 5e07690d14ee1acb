"""What a rule is asked, and answers, for many payees at once: `rules.Flow` as arrays."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from incentives.core.bulk.numbers import Whole, check_fit, largest
from incentives.core.rules import ByActivity, Rows


@dataclass(slots=True)
class Flows:
    """Runs of credits, one behind the other; run number n begins at `starts[n]`, from nothing.

    `values` stand over `scales[runs[i]]`. `quotas` are in units of the measure, None where the rule
    asks for none.
    """

    values: Whole
    starts: Whole
    runs: Whole
    scales: Sequence[int]
    quotas: Sequence[Fraction | None]


@dataclass(slots=True)
class AllEarned:
    """What each credit earns: `amounts[i] / pers[runs[i]]`, unrounded, in units of the yield.

    It is `bases[i]` at row number `tiers[i]` of `rows`, or what `cut[i]` says where it crosses
    bounds; bases stand over `scales[runs[i]]`.
    """

    amounts: Whole
    pers: Sequence[int]
    tiers: Whole
    bases: Whole
    rows: Rows
    scales: Sequence[int]
    cut: Mapping[int, str] = field(default_factory=dict)


class ForMany(ByActivity):
    """A rule that can sum many payees at once; the lines are those that `earn` gives for each."""

    @property
    def takes_many(self) -> bool:
        """Whether it can with these parameters."""
        return True

    @abstractmethod
    def earn_many(self, flows: Flows) -> AllEarned:
        """What each credit of all the runs earns. Raises OverflowError."""


def at_one_rate(flows: Flows, rate: Fraction, rows: Rows) -> AllEarned:
    """Every credit at the same rate, or amount for each, whatever came before it."""
    check_fit(largest(flows.values) * abs(rate.numerator))
    return AllEarned(
        amounts=flows.values * rate.numerator,
        pers=[scale * rate.denominator for scale in flows.scales],
        tiers=np.ones(len(flows.values), np.int64),
        bases=flows.values,
        rows=rows,
        scales=flows.scales,
    )
