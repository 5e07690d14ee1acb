"""Milestones: an amount for each number reached, to the activity that reaches it, once a span."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

from marshmallow import Schema, fields, validate, validates_schema

from incentives.core.fields import ExactDecimal, letters, one_of, rows
from incentives.core.results import MONEY, POINTS
from incentives.core.rules import ByActivity, Earned, Flow
from incentives.core.scaled import scaled
from incentives.core.tiers import (
    AMOUNT,
    ATTAINMENT,
    MOST_TIERS,
    bound_in_words,
    check_ascending,
    of_quota,
    whole_bounds,
)
from incentives.core.words import number

KIND, LABEL = "milestone", "Amount for reaching milestones"
YIELDS = (MONEY, POINTS)


class MilestoneSchema(Schema):
    """A named number, and the amount for reaching it."""

    name = fields.String(required=True, validate=letters(80))
    at_least = ExactDecimal(required=True, validate=validate.Range(min=0, min_inclusive=False))
    amount = ExactDecimal(required=True)


class Params(Schema):
    """An ascending list of milestones, each paid once in the span the component accumulates over.

    `by` says what `at_least` is: a share of the quota (1 is all of it) or an amount.
    """

    by = fields.String(required=True, validate=one_of([AMOUNT, ATTAINMENT]))
    milestones = fields.List(
        fields.Nested(MilestoneSchema), required=True, validate=rows(MOST_TIERS)
    )

    @validates_schema
    def milestones_ascend(self, params: Mapping[str, Any], **_: Any) -> None:
        check_ascending(params["milestones"], "at_least", name="milestones")


class Rule(ByActivity):
    """The activity that reaches a milestone is paid for it; one that falls back gives it back."""

    sparse = True
    jumps = True

    def __init__(self, params: dict[str, Any], *, at_bound: str = "upper") -> None:
        super().__init__(params, at_bound=at_bound)
        self.needs_quota = params["by"] == ATTAINMENT
        self._bounds = [Fraction(row["at_least"]) for row in params["milestones"]]
        self._amounts, self._per = scaled([row["amount"] for row in params["milestones"]])
        self._rows = [
            {
                "name": row["name"],
                "at_least": format(row["at_least"], "f"),
                "amount": format(row["amount"], "f"),
            }
            for row in params["milestones"]
        ]

    def earn(self, flow: Flow) -> Earned:
        tops, wider = whole_bounds(self.bends(flow.quota), flow.scale)
        passed = bisect_right if self.upper else bisect_left
        positions = accumulate(flow.moves, initial=flow.start)
        reached = [passed(tops, position * wider) for position in positions]
        held = list(accumulate(pairwise(reached), _held_after, initial=flow.held))
        changes = [_changes(before, after) for before, after in pairwise(held)]
        return Earned(
            amounts=[sum(self._amounts[at] * sign for at, sign in each) for each in changes],
            per=self._per,
            steps=[",".join(f"{at + 1}:{sign}" for at, sign in each) for each in changes],
            rows=self._rows,
            scale=1,
            held=held[-1],
        )

    def bends(self, quota: Fraction | None) -> list[Fraction]:
        return of_quota(self._bounds, quota) if self.needs_quota else self._bounds

    def describe(self, unit: str) -> str:
        listed = ", ".join(
            f"{number(row['amount'])} {unit} for {row['name']} "
            f"({bound_in_words(row['at_least'], self.params['by'])})"
            for row in self.params["milestones"]
        )
        return f"{listed}, each once"


def _held_after(held: int, reached: tuple[int, int]) -> int:
    """Which milestones are held after a credit that leads from one count to another, one bit each.

    A quota that grows takes none back, and none is given twice. A credit that leads back takes
    those that it leads back over.
    """
    before, after = map(_first, reached)
    return (held & ~(before & ~after)) | after


def _first(count: int) -> int:
    """The first so many milestones."""
    return (1 << count) - 1


def _changes(before: int, after: int) -> list[tuple[int, int]]:
    """The milestones won (1) or lost again (-1), in their order."""
    changed = before ^ after
    return [
        (at, 1 if after >> at & 1 else -1)
        for at in range(changed.bit_length())
        if changed >> at & 1
    ]


EXAMPLE: dict[str, Any] = {
    "params": {
        "by": "amount",
        "milestones": [
            {"name": "First 1,000", "at_least": "1000", "amount": "100"},
            {"name": "First 5,000", "at_least": "5000", "amount": "400"},
        ],
    },
    "values": ["800", "300", "4000"],
    "earns": ["0", "100", "400"],
}
