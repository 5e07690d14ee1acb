"""From what was earned to what is paid: one account per payee, plan and currency.

For each pay period the order is: earned, holdback, guarantee, draw, recovery, carried balance,
payout (semantics 10, 18 and 20). All amounts are whole minor units.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from incentives.core.held_back import NOTHING_HELD_BACK, HeldBack, StillHeld
from incentives.core.money import to_minor
from incentives.core.pay_terms import NO_TERMS, WITH_CASH, Draw, Guarantee, Holdback, Terms
from incentives.core.recovery import NO_DRAW, Followed, Recovery


@dataclass(frozen=True, slots=True)
class PayPeriod:
    """What was posted to a payee in a pay period, and the terms in force at its end.

    `terms` are None where the payee is not assigned. For a holdback released with cash, `on_deals`
    is the part of `earned` on each deal and `received` the share, from 0 to 1, of each deal's
    amount that was received by the period's end.
    """

    key: str
    first_day: date
    earned: int
    terms: Terms | None = None
    on_deals: Mapping[int, int] = field(default_factory=dict)
    received: Mapping[int, Fraction] = field(default_factory=dict)


class Balance(NamedTuple):
    """An account over a pay period."""

    opening: int
    movement: int

    @property
    def closing(self) -> int:
        return self.opening + self.movement

    def then(self, movement: int) -> "Balance":
        """The account over the next pay period."""
        return Balance(self.closing, movement)


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a pay period's earnings became its payout:

    payout = earned - held_back + released + guaranteed + draw - recovered - the carried movement.

    `guaranteed` is the top-up of a guarantee. `on_hold` is what is held back and not yet released,
    `owed` what the payee owes from recoverable draws, 0 or more. `carried` is what was taken back
    beyond what could be paid, 0 or less. `working` has the numbers that explain it, as texts and
    whole numbers.
    """

    period: str
    earned: int
    held_back: int
    released: int
    guaranteed: int
    draw: int
    recovered: int
    on_hold: Balance
    owed: Balance
    carried: Balance
    payout: int
    working: Mapping[str, Any]

    @property
    def moves(self) -> dict[str, int]:
        """What comes to the earnings and goes off them, in order: with them it is the payout."""
        return {
            "held_back": -self.held_back,
            "released": self.released,
            "guaranteed": self.guaranteed,
            "draw": self.draw,
            "recovered": -self.recovered,
            "carried": -self.carried.movement,
        }

    @property
    def foots(self) -> bool:
        return self.payout == self.earned + sum(self.moves.values())

    @property
    def is_nil(self) -> bool:
        """Whether nothing was earned or paid, and no balance stands."""
        balances = (self.on_hold, self.owed, self.carried)
        return not any((self.earned, self.payout, *(b.opening or b.movement for b in balances)))


@dataclass(frozen=True, slots=True)
class Carried:
    """All that goes on from one pay period into the next: how many there were, what is held back,
    the draw that is recovered, and the closing balances in minor units."""

    number: int = 0
    held: StillHeld = NOTHING_HELD_BACK
    followed: Followed = NO_DRAW
    on_hold: int = 0
    owed: int = 0
    balance: int = 0


NOTHING_CARRIED = Carried()


def settle(
    periods: Iterable[PayPeriod], currency: str, before: Carried = NOTHING_CARRIED
) -> list[Settlement]:
    """Settle a payee's pay periods, given in order and without a gap, after those `before`."""
    return settle_and_carry(periods, currency, before)[0]


def settle_and_carry(
    periods: Iterable[PayPeriod], currency: str, before: Carried = NOTHING_CARRIED
) -> tuple[list[Settlement], Carried]:
    """The same, with what goes on into the next pay period."""
    account = _Account(currency, before)
    return [account.settle(period) for period in periods], account.carried


def one_after_another(settlements: Sequence[Settlement]) -> Settlement:
    """Pay periods that follow each other as one, such as the weeks of a month."""
    if len(settlements) == 1:
        return settlements[0]
    name = f"{settlements[0].period} to {settlements[-1].period}"
    return _summed(
        name, settlements, lambda rows: Balance(rows[0].opening, sum(row.movement for row in rows))
    )


def side_by_side(period: str, settlements: Sequence[Settlement]) -> Settlement:
    """Several accounts over one period as one: all plans of a payee, or everybody's."""
    return _summed(
        period,
        settlements,
        lambda rows: Balance(sum(row.opening for row in rows), sum(row.movement for row in rows)),
    )


def _summed(
    period: str,
    settlements: Sequence[Settlement],
    balance: Callable[[Sequence[Balance]], Balance],
) -> Settlement:
    return Settlement(
        period=period,
        earned=sum(each.earned for each in settlements),
        held_back=sum(each.held_back for each in settlements),
        released=sum(each.released for each in settlements),
        guaranteed=sum(each.guaranteed for each in settlements),
        draw=sum(each.draw for each in settlements),
        recovered=sum(each.recovered for each in settlements),
        on_hold=balance([each.on_hold for each in settlements]),
        owed=balance([each.owed for each in settlements]),
        carried=balance([each.carried for each in settlements]),
        payout=sum(each.payout for each in settlements),
        working={},
    )


class _Account:
    """The balances that go on from one pay period to the next."""

    def __init__(self, currency: str, before: Carried) -> None:
        self._currency = currency
        self._number = before.number
        self._held_back = HeldBack(before.held)
        self._recovery = Recovery(before.followed)
        closing = before.on_hold, before.owed, before.balance
        self._on_hold, self._owed, self._carried = (Balance(amount, 0) for amount in closing)

    @property
    def carried(self) -> Carried:
        return Carried(
            number=self._number,
            held=self._held_back.still_held,
            followed=self._recovery.followed,
            on_hold=self._on_hold.closing,
            owed=self._owed.closing,
            balance=self._carried.closing,
        )

    def settle(self, period: PayPeriod) -> Settlement:
        self._number += 1
        terms = period.terms or NO_TERMS
        held = self._held_back.hold(self._number, terms.holdback, period.earned, period.on_deals)
        released = self._held_back.release(self._number, period.received)
        after_holdback = period.earned - held + released

        guarantee, running = terms.running_guarantee, terms.running_draw(period.first_day)
        least, advance = self._minor(guarantee), self._minor(running)
        top_up = max(0, least - after_holdback) if guarantee else 0
        draw = max(0, advance - after_holdback - top_up) if running else 0
        debt = draw if running and running.is_recoverable else 0
        payable = after_holdback + top_up + draw

        # What is promised is paid: recovery and set-off take only from what exceeds it.
        surplus = max(0, payable - max(least, advance))
        self._recovery.follow(running, terms.number, self._number)
        recovered = min(self._owed.closing, self._recovery.at_most(surplus, self._number))
        set_off = min(-self._carried.closing, surplus - recovered)
        self._on_hold = self._on_hold.then(held - released)
        self._owed = self._owed.then(debt - recovered)
        self._carried = self._carried.then(set_off + min(0, payable))
        return Settlement(
            period=period.key,
            earned=period.earned,
            held_back=held,
            released=released,
            guaranteed=top_up,
            draw=draw,
            recovered=recovered,
            on_hold=self._on_hold,
            owed=self._owed,
            carried=self._carried,
            payout=payable - recovered - self._carried.movement,
            working={
                **_of_holdback(terms.holdback),
                **_of_guarantee(guarantee, terms.number, least),
                **_of_draw(running, advance),
                **self._recovery.working(surplus, self._number),
            },
        )

    def _minor(self, promise: Guarantee | Draw | None) -> int:
        return to_minor(promise.amount, self._currency) if promise else 0


def _of_holdback(holdback: Holdback | None) -> dict[str, Any]:
    if holdback is None:
        return {}
    released = WITH_CASH if holdback.after is None else holdback.after
    return {"held_percent": format(holdback.percent, "f"), "released_after": released}


def _of_guarantee(guarantee: Guarantee | None, number: int, least: int) -> dict[str, Any]:
    if guarantee is None:
        return {}
    return {"least": least, "pay_period": number, "of_pay_periods": guarantee.periods}


def _of_draw(running: Draw | None, advance: int) -> dict[str, Any]:
    return {} if running is None else {"draw": advance, "draw_kind": running.kind}
