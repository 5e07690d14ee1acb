"""A badge or points for days, weeks or months in a row with a result (semantics 38)."""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from itertools import chain, pairwise
from typing import Any

from marshmallow import Schema, fields, validate

from incentives.core.fields import ExactDecimal, one_of
from incentives.core.results import BADGE, POINTS
from incentives.core.rules import ByActivity, Earned, Flow
from incentives.core.rules.badge import ONCE, UNLIMITED
from incentives.core.streaks import DAY, EVERY, Runs
from incentives.core.words import number

KIND, LABEL = "streak", "Streak"
YIELDS = (BADGE, POINTS)
LONGEST = 366


class Params(Schema):
    """`length` days, weeks or months in a row (`every`), with `at_least` so much in each.

    Days off and holidays are skipped. Each of the `freezes` of the span saves the run over one that
    was missed. `award: unlimited` gives again with each further `length`. `amount` is what a
    streak gives: leave it at 1 for a badge.
    """

    at_least = ExactDecimal(required=True, validate=validate.Range(min=0, min_inclusive=False))
    length = fields.Integer(strict=True, required=True, validate=validate.Range(1, LONGEST))
    every = fields.String(load_default=DAY, validate=one_of(list(EVERY)))
    freezes = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, LONGEST))
    award = fields.String(load_default=ONCE, validate=one_of([ONCE, UNLIMITED]))
    amount = fields.Integer(strict=True, load_default=1, validate=validate.Range(1, 1_000_000))
    icon = fields.String(load_default="flame")


class Rule(ByActivity):
    """The streak goes to the activity that completes it."""

    sparse = True
    jumps = True
    counts_own_units = True
    reads_days = True

    def earn(self, flow: Flow) -> Earned:
        since = len(flow.earlier)
        runs = list(self._runs(chain(flow.earlier, zip(flow.days, flow.values, strict=True)), flow))
        awards = [0, *(self._awards(lengths) for lengths in runs)][since:]
        return Earned(
            amounts=[
                (after - before) * self.params["amount"] for before, after in pairwise(awards)
            ],
            per=1,
            steps=[f"1:{lengths[-1]}" for lengths in runs[since:]],
            rows=[{"length": str(self.params["length"]), "every": self.params["every"]}],
            scale=1,
        )

    def _runs(self, results: Iterable[tuple[date, int]], flow: Flow) -> Iterator[list[int]]:
        """After each result, the lengths of all runs so far, the one that goes on as the last.

        The current period is not missed before it ends, and what lies on a day off adds nothing.
        """
        runs = Runs(
            lambda day: flow.period_of(day, self.params["every"]),
            self.params["freezes"],
            flow.is_working_day,
        )
        total, hit = 0, False
        for day, value in results:
            if self.params["every"] != DAY or flow.is_working_day(day):
                if runs.come_to(day, hit=hit):
                    total = 0
                total += value
                hit = self._hits(total, flow.scale)
            yield [*runs.broken, runs.going + hit]

    def _hits(self, total: int, scale: int) -> bool:
        wanted = Fraction(self.params["at_least"]) * scale
        return total >= wanted if self.upper else total > wanted

    def _awards(self, lengths: list[int]) -> int:
        completed: int = sum(length // self.params["length"] for length in lengths)
        return completed if self.params["award"] == UNLIMITED else min(completed, 1)

    def describe(self, unit: str) -> str:
        params = self.params
        what = "" if unit == "" else f"{params['amount']} {unit} "
        again = ", again with each further run of that length" * (params["award"] == UNLIMITED)
        frozen = params["freezes"]
        saved = f"; {frozen} missed may be bridged" if frozen else ""
        return (
            f"{what}for {params['length']} {params['every']}s in a row "
            f"with at least {number(params['at_least'])} in each{again}{saved}"
        )


EXAMPLE: dict[str, Any] = {
    "params": {"at_least": "1", "length": 3},
    "days": ["2026-10-07", "2026-10-08", "2026-10-08", "2026-10-09"],
    "values": ["1", "1", "1", "1"],
    "earns": ["0", "0", "0", "1"],
}
