"""A badge for reaching a number of units within one span: a deal, a day, a month (semantics 37)."""

from itertools import accumulate, pairwise
from typing import Any

from marshmallow import Schema, fields, validate

from incentives.core.fields import ExactDecimal, one_of
from incentives.core.results import BADGE
from incentives.core.rules import ByActivity, Earned, Flow
from incentives.core.words import number

KIND, LABEL = "badge", "Badge for reaching a number"
YIELDS = (BADGE,)

ONCE, UNLIMITED = "once_per_period", "unlimited"


class Params(Schema):
    """`at_least` is the number to reach in the span the component accumulates over.

    An `unlimited` badge is won again with each further `at_least`.
    """

    at_least = ExactDecimal(required=True, validate=validate.Range(min=0, min_inclusive=False))
    award = fields.String(load_default=ONCE, validate=one_of([ONCE, UNLIMITED]))
    icon = fields.String(load_default="award")


class Rule(ByActivity):
    """The badge goes to the activity that reaches the number."""

    sparse = True
    jumps = True

    def __init__(self, params: dict[str, Any], *, at_bound: str = "upper") -> None:
        super().__init__(params, at_bound=at_bound)
        self._reached, self._of = params["at_least"].as_integer_ratio()
        self._rows = [{"at_least": format(params["at_least"], "f")}]

    def earn(self, flow: Flow) -> Earned:
        positions = list(accumulate(flow.moves, initial=flow.start))
        held = self._held(positions, flow.scale)
        won = [after - before for before, after in pairwise(held)]
        return self._earned(won, positions[1:], flow.scale)

    def earn_alone(self, flow: Flow) -> Earned:
        return self._earned(self._held(flow.moves, flow.scale), flow.moves, flow.scale)

    def _earned(self, amounts: list[int], positions: list[int], scale: int) -> Earned:
        steps = [f"1:{position}" for position in positions]
        return Earned(amounts, per=1, steps=steps, rows=self._rows, scale=scale)

    def _held(self, positions: list[int], scale: int) -> list[int]:
        """How many are held at each position."""
        of, each = self._of, scale * self._reached
        # With `at_bound: lower` the number must be passed, if by ever so little.
        short = 0 if self.upper else 1
        if self.params["award"] == ONCE:
            return [int(position * of - short >= each) for position in positions]
        return [max(0, (position * of - short) // each) for position in positions]

    def describe(self, unit: str) -> str:
        again = ", again with each further one" if self.params["award"] == UNLIMITED else ""
        return f"for reaching {number(self.params['at_least'])}{again}"


EXAMPLE: dict[str, Any] = {
    "params": {"at_least": "3"},
    "values": ["1", "1", "1", "1"],
    "earns": ["0", "0", "1", "0"],
}
