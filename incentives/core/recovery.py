"""How the debt of a draw is recovered (semantics 18)."""

from fractions import Fraction
from typing import Any, NamedTuple

from incentives.core.pay_terms import Draw
from incentives.core.scaled import round_half_up


class Followed(NamedTuple):
    """The recoverable draw that runs or was the last to run, and the number of the pay period from
    which its own are counted."""

    draw: Draw | None
    first: int


NO_DRAW = Followed(None, 0)


class Recovery:
    """How the debt is recovered: as the recoverable draw says that runs, or was the last to run.

    Its pay periods are counted from its first on. A draw with another first day, or a new
    assignment, begins a new count.
    """

    def __init__(self, before: Followed = NO_DRAW) -> None:
        self._draw, self._first = before

    @property
    def followed(self) -> Followed:
        return Followed(self._draw, self._first)

    def follow(self, running: Draw | None, number_on_plan: int, number: int) -> None:
        if running is None or not running.is_recoverable:
            return
        goes_on = self._draw is not None and self._draw.first_day == running.first_day
        if not goes_on or number_on_plan == 1:
            self._first = number
        self._draw = running

    def at_most(self, surplus: int, number: int) -> int:
        """The most of a surplus that goes to recovery in a pay period."""
        if self._draw is None or self._waits(self._draw, number):
            return 0
        return round_half_up(surplus * Fraction(self._draw.recover_at_most))

    def working(self, surplus: int, number: int) -> dict[str, Any]:
        if self._draw is None:
            return {}
        return {
            "surplus": surplus,
            "recover_at_most": format(self._draw.recover_at_most, "f"),
            "recovery_begins": not self._waits(self._draw, number),
        }

    def _waits(self, draw: Draw, number: int) -> bool:
        return number < self._first + draw.recover_after
