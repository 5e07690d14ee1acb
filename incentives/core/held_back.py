"""What is held back of a payee's earnings, and when it is released (semantics 10)."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from incentives.core.pay_terms import Holdback
from incentives.core.scaled import round_half_up


class HeldBack:
    """The running account of one payee. What is released in the end is exactly what was held.

    Amounts are whole minor units. Negative earnings are held back as the mirror of positive ones.
    """

    def __init__(self) -> None:
        self._due: dict[int, int] = defaultdict(int)
        self._deals: dict[int, _Deal] = {}

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
            self._deals.setdefault(deal, _Deal(_share(percent)))


class _Deal:
    """What is held on one deal. Rounding is cumulative, so no cent is left over or lost."""

    def __init__(self, share: Fraction) -> None:
        self._share = share
        self._earned = self._held = self._released = 0

    def hold(self, earned: int) -> int:
        before, self._earned = self._held, self._earned + earned
        self._held = round_half_up(self._earned * self._share)
        return self._held - before

    def release(self, received: Fraction) -> int:
        before = self._released
        self._released = round_half_up(self._held * received)
        return self._released - before


def _share(percent: Decimal) -> Fraction:
    return Fraction(percent) / 100
