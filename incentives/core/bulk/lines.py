"""The lines of one component of many payees, in columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat

from incentives.core.bulk.numbers import Whole
from incentives.core.results import EARNED, ResultLine, Terms, as_line


@dataclass(slots=True)
class ManyLines:
    """What a component gives payee number n lies in [bounds[n], bounds[n + 1]), in order.

    `days` are ordinals, `periods` numbers into `keys`, and `terms_at` numbers into `terms`. A line
    is `bases` at row `tiers` of its terms, or what `cut` says; `before_cap` has the amounts of
    those that a cap changed. `back` are the lines that take something back, by payee.
    """

    bounds: Sequence[int]
    activity_ids: Whole
    days: Whole
    periods: Whole
    keys: Sequence[str]
    amounts: Whole
    tiers: Whole
    bases: Whole
    cut: Mapping[int, str]
    before_cap: Mapping[int, int]
    terms_at: Whole
    terms: Sequence[Terms]
    back: Mapping[int, list[ResultLine]]

    def steps(self, first: int, end: int) -> list[str]:
        """The working of lines [first, end), as `core/working.py` reads it."""
        pairs = zip(self.tiers[first:end].tolist(), self.bases[first:end].tolist(), strict=True)
        steps = [f"{tier}:{base}" for tier, base in pairs]
        for said in (self.cut, self.before_cap):
            for at in said.keys() & range(first, end) if said else ():
                steps[at - first] = self.step(at)
        return steps

    def step(self, at: int) -> str:
        step = self.cut.get(at) or f"{self.tiers[at]}:{self.bases[at]}"
        before = self.before_cap.get(at)
        return step if before is None else f"{step};before_cap={before}"

    def of(self, payee: int) -> list[ResultLine]:
        """The lines of payee number n, as `calculate` gives them."""
        first, end = self.bounds[payee], self.bounds[payee + 1]
        part = slice(first, end)
        columns = zip(
            map(self.terms.__getitem__, self.terms_at[part].tolist()),
            self.activity_ids[part].tolist(),
            map(self.keys.__getitem__, self.periods[part].tolist()),
            repeat(EARNED),
            self.amounts[part].tolist(),
            map(date.fromordinal, self.days[part].tolist()),
            self.steps(first, end),
            strict=False,
        )
        return [*map(as_line, columns), *self.back.get(payee, [])]
