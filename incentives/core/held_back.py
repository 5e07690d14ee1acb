"""What is held back of a payee's earnings, and when it is released (semantics 10)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from incentives.core.pay_terms import Holdback
from incentives.core.scaled import round_half_up


@dataclass(frozen=True, slots=True)
class DealHeld:
    """What was earned on one deal so far, the `share` of it that is held, and what of it was held
    and released."""

    share: Fraction
    earned: int = 0
    held: int = 0
    released: int = 0


@dataclass(frozen=True, slots=True)
class StillHeld:
    """What is still to be released: `due` by the number of the pay period, and by deal."""

    due: Mapping[int, int] = field(default_factory=dict)
    deals: Mapping[int, DealHeld] = field(default_factory=dict)


NOTHING_HELD_BACK = StillHeld()


class HeldBack:
    """The running account of one payee. What is released in the end is exactly what was held.

    Amounts are whole minor units. Negative earnings are held back as the mirror of positive ones.
    """

    def __init__(self, before: StillHeld = NOTHING_HELD_BACK) -> None:
        self._due: dict[int, int] = defaultdict(int, before.due)
        self._deals = {deal: _Deal(held) for deal, held in before.deals.items()}

    @property
    def still_held(self) -> StillHeld:
        deals = {deal: account.stands for deal, account in self._deals.items()}
        return StillHeld(dict(self._due), deals)

    def hold(
        self, number: int, holdback: Holdback | None, earned: int, on_deals: Mapping[int, int]
    ) -> int:
        """What is held of the earnings of pay period `number`; `on_deals` is their part by deal."""
        if holdback is not None and holdback.waits_for_cash:
            self._open(on_deals, holdback.percent)
        # A deal keeps the percentage it began with, so what takes it back is held as its mirror.
        known = {deal: part for deal, part in on_deals.items() if deal in self._deals}
        held = sum(self._deals[deal].hold(part) for deal, part in known.items())
        if holdback is not None and holdback.after is not None:
            part = round_half_up((earned - sum(known.values())) * _share(holdback.percent))
            self._due[number + holdback.after] += part
            held += part
        return held

    def release(self, number: int, received: Mapping[int, Fraction]) -> int:
        """What is released in pay period `number`, after the shares of cash received by its end."""
        by_cash = sum(
            account.release(received.get(deal, Fraction(0)))
            for deal, account in self._deals.items()
        )
        return by_cash + self._due.pop(number, 0)

    def _open(self, on_deals: Mapping[int, int], percent: Decimal) -> None:
        for deal in on_deals:
            self._deals.setdefault(deal, _Deal(DealHeld(_share(percent))))


class _Deal:
    """What is held on one deal. Rounding is cumulative, so no cent is left over or lost."""

    def __init__(self, stands: DealHeld) -> None:
        self.stands = stands

    def hold(self, earned: int) -> int:
        before = self.stands
        in_all = before.earned + earned
        held = round_half_up(in_all * before.share)
        self.stands = replace(before, earned=in_all, held=held)
        return held - before.held

    def release(self, received: Fraction) -> int:
        before = self.stands
        released = round_half_up(before.held * received)
        self.stands = replace(before, released=released)
        return released - before.released


def _share(percent: Decimal) -> Fraction:
    return Fraction(percent) / 100
