"""Marginal tiers: each rate pays only inside its own tier (semantics 11 to 13)."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from math import lcm
from typing import Any

import numpy as np

from incentives.core.bulk.flows import AllEarned, Flows, ForMany
from incentives.core.bulk.numbers import check_fit, largest, running
from incentives.core.results import MONEY, POINTS
from incentives.core.rules import Earned, Flow, Rows
from incentives.core.scaled import scaled
from incentives.core.tiers import (
    ATTAINMENT,
    RateTierSchema,
    TieredSchema,
    of_quota,
    rate_rows,
    rates_in_words,
    rates_paid,
    tests_of,
    tiers_of,
    upper_bounds,
    way,
    whole_bounds,
)

# How fine the slices of a cut base are told.
TOLD = 1_000_000

KIND, LABEL = "marginal_rate", "Rate by tier, each inside its tier"
YIELDS = (MONEY, POINTS)


class Params(TieredSchema):
    """One ascending list of upper bounds, the last without one.

    `tiers_by` says what the bounds are: shares of the quota (0.5 is half of it) or amounts.
    """

    tiers = tiers_of(RateTierSchema)


class Rule(ForMany):
    """A credit is cut where it crosses a bound, and each slice pays the rate of its tier."""

    def __init__(self, params: dict[str, Any], *, at_bound: str = "upper") -> None:
        super().__init__(params, at_bound=at_bound)
        self.needs_quota = params["tiers_by"] == ATTAINMENT
        self.tier_tests = tests_of(params["tiers"])
        self._bounds = upper_bounds(params["tiers"])
        self._rates, self._rate_scale = scaled([tier["rate"] for tier in params["tiers"]])
        self._rows = rate_rows(params["tiers"])

    def earn(self, flow: Flow) -> Earned:
        tops, wider = whole_bounds(
            self._bounds, flow.scale, flow.quota if self.needs_quota else None
        )
        rows = rate_rows(self.params["tiers"], flow.failing) if flow.failing else self._rows
        rates = rates_paid(self._rates, flow.failing)
        values, start = flow.values, flow.start
        if wider > 1:
            values, start = [value * wider for value in values], start * wider
        if flow.moves is flow.values:
            amounts, steps = _cut(values, start, tops, rates)
            per = flow.scale * wider * self._rate_scale
            return Earned(amounts, per, steps, rows, flow.scale * wider)
        moves = [move * wider for move in flow.moves]
        return self._cut_by_other(values, moves, start, tops, rates, rows, flow.scale * wider)

    def earn_many(self, flows: Flows) -> AllEarned:
        quotas = flows.quotas if self.needs_quota else [None] * len(flows.scales)
        tops_of, wider = zip(
            *map(self._whole_bounds, flows.scales, quotas),
            strict=True,
        )
        check_fit(largest(flows.values) * max(wider))
        bases = flows.values * np.array(wider, np.int64)[flows.runs]
        after = running(bases, flows.starts, flows.runs)
        before = after - bases
        low, high = np.minimum(before, after), np.maximum(before, after)
        first = np.zeros(len(bases), np.int64)
        last = np.zeros(len(bases), np.int64)
        for top in np.array(tops_of, np.int64).T:
            bound = top[flows.runs]
            first += bound <= low
            last += bound < high
        check_fit(largest(bases) * max(map(abs, self._rates)))
        amounts = bases * np.array(self._rates, np.int64)[first]
        cut = {}
        for at in np.flatnonzero(last > first).tolist():
            tops = tops_of[flows.runs[at]]
            amounts[at], cut[at] = _cut_one(int(before[at]), int(after[at]), tops, self._rates)
        scales = [scale * more for scale, more in zip(flows.scales, wider, strict=True)]
        pers = [scale * self._rate_scale for scale in scales]
        return AllEarned(amounts, pers, first + 1, bases, self._rows, scales, cut)

    def _whole_bounds(self, scale: int, quota: Fraction | None) -> tuple[list[int], int]:
        return whole_bounds(self._bounds, scale, quota)

    def _cut_by_other(
        self,
        values: Sequence[int],
        moves: Sequence[int],
        start: int,
        tops: Sequence[int],
        rates: Sequence[int],
        rows: Rows,
        scale: int,
    ) -> Earned:
        """Each base is cut in proportion to the way that its move makes through the tiers.

        The amount is exact. The slices of a base that is cut are told to six decimals more than it
        has, the last of them with the rest, so that they sum to it.
        """
        ways = []
        for move in moves:
            ways.append(way(start, start + move, tops))
            start += move
        finer = lcm(*(abs(move) for move, found in zip(moves, ways, strict=True) if found[1:]))
        told = min(finer, TOLD)
        amounts, steps = [], []
        for value, move, pieces in zip(values, moves, ways, strict=True):
            exact = [value * finer * inside // (move or 1) for _, inside in pieces]
            bases = [value * told * inside // (move or 1) for _, inside in pieces]
            if not pieces[1:]:
                exact, bases = [value * finer], [value * told]
            bases[-1] = value * told - sum(bases[:-1])
            tiers = [tier for tier, _ in pieces]
            amounts.append(
                sum(base * rates[tier - 1] for tier, base in zip(tiers, exact, strict=True))
            )
            steps.append(
                ",".join(f"{tier}:{base}" for tier, base in zip(tiers, bases, strict=True))
            )
        return Earned(amounts, scale * finer * self._rate_scale, steps, rows, scale * told)

    def bends(self, quota: Fraction | None) -> list[Fraction]:
        return of_quota(self._bounds, quota) if self.needs_quota else self._bounds

    def describe(self, unit: str) -> str:
        told = rates_in_words(self.params["tiers"], self.params["tiers_by"])
        return f"{told}; each rate pays only inside its own tier"


def _cut(
    values: Sequence[int], start: int, tops: Sequence[int], rates: Sequence[int]
) -> tuple[list[int], list[str]]:
    """Cut each value where it crosses a bound. A way back gives negative slices."""
    if values and min(values) >= 0:
        return _cut_upwards(values, start, tops, rates)
    amounts, steps = [], []
    for value in values:
        amount, step = _cut_one(start, start + value, tops, rates)
        amounts.append(amount)
        steps.append(step)
        start += value
    return amounts, steps


def _cut_upwards(
    values: Sequence[int], start: int, tops: Sequence[int], rates: Sequence[int]
) -> tuple[list[int], list[str]]:
    """The same where nothing goes back: all that lies in one tier is paid at once, and only the
    few that cross a bound are cut. This is the innermost loop."""
    amounts: list[int] = []
    steps: list[str] = []
    positions = list(accumulate(values, initial=start))
    at = 0
    while at < len(values):
        tier = bisect_right(tops, positions[at])
        stop, rate = len(values), rates[tier]
        if tier < len(tops):
            # What begins on the bound lies above it, even where it is nothing.
            stop = bisect_left(positions, tops[tier], at + 1)
            stop -= stop == len(positions) or positions[stop] > tops[tier]
        amounts += [value * rate for value in values[at:stop]]
        steps += [f"{tier + 1}:{value}" for value in values[at:stop]]
        if stop < len(values):
            amount, step = _cut_one(positions[stop], positions[stop + 1], tops, rates)
            amounts.append(amount)
            steps.append(step)
        at = stop + 1
    return amounts, steps


def _cut_one(start: int, end: int, tops: Sequence[int], rates: Sequence[int]) -> tuple[int, str]:
    pieces = way(start, end, tops)
    amount = sum(inside * rates[tier - 1] for tier, inside in pieces)
    return amount, ",".join(f"{tier}:{inside}" for tier, inside in pieces)


EXAMPLE: dict[str, Any] = {
    "params": {
        "tiers_by": "amount",
        "tiers": [{"up_to": "5000", "rate": "0.10"}, {"rate": "0.12"}],
    },
    "values": ["4000", "2000"],
    "earns": ["400.00", "220.00"],
}
