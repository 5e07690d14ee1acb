"""Deals that were cancelled: never made, taken back, or taken off where one stands now
(semantics 19)."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction

from incentives.core.activity import RATING
from incentives.core.calendar import Calendar
from incentives.core.claw_back import AT_CURRENT_TIER, RESTATE
from incentives.core.columns import Columns, as_micros
from incentives.core.versions import VersionSpan, version_on


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A share of what one activity was paid is taken back on the day its reversal came in."""

    day: date
    share: Fraction


class Fate(Enum):
    """What becomes of a cancelled deal that is not simply paid and taken back."""

    NEVER_MADE = "never_made"
    STANDS = "stands"
    TAKEN_OFF = "taken_off"


@dataclass(slots=True)
class Standing:
    """What counts after cancelled deals were seen to.

    `columns` are the credits that stand, with the negative ones that were put in. `taken_back`
    names those that are paid and taken back again, by index.
    """

    columns: Columns
    taken_back: Mapping[int, TakeBack]


def see_to_cancelled(
    columns: Columns,
    versions_of: Callable[[int], Sequence[VersionSpan]],
    calendar: Calendar,
    locks: Mapping[str, datetime],
    *,
    alone: bool = False,
    of_pool: bool = False,
) -> Standing:
    """Apply each version's claw-back policy to the deals that were cancelled. `versions_of` gives
    those of the deal at an index. `alone` says that each deal stands by itself, `of_pool` that a
    team's amount is divided."""
    if not columns.reversed_at:
        return Standing(columns, {})
    gone: set[int] = set()
    taken_back: dict[int, TakeBack] = {}
    taken_off: list[int] = []
    for at, reversed_at in columns.reversed_at.items():
        day, versions = columns.days[at], versions_of(at)
        fate = fate_of(day, reversed_at, versions, calendar, locks, alone=alone)
        if isinstance(fate, TakeBack) and of_pool:
            # What is divided has no line of the deal of which something could be taken back.
            fate = Fate.NEVER_MADE
        if isinstance(fate, TakeBack):
            taken_back[at] = fate
        elif fate is Fate.NEVER_MADE:
            gone.add(at)
        elif fate is Fate.TAKEN_OFF and columns.kinds[at] != RATING:
            # What is rated is no amount: a rating of a locked month takes nothing off a later one.
            taken_off.append(at)
    if not gone and not taken_off:
        return Standing(columns, taken_back)
    return _standing(columns, calendar, gone, taken_back, taken_off)


def fate_of(
    day: date,
    reversed_at: datetime,
    versions: Sequence[VersionSpan],
    calendar: Calendar,
    locks: Mapping[str, datetime],
    *,
    alone: bool = False,
) -> Fate | TakeBack:
    """What becomes of a deal of a day that was cancelled.

    Cancelled before its pay period was locked it counts as never made; so does one under no plan.
    Where each deal stands `alone`, no other tier was reached since, so it is taken back at the rate
    paid.
    """
    version = version_on(versions, day)
    if version is None:
        return Fate.NEVER_MADE
    lock = locks.get(calendar.period_of(day, version.plan.pays).key)
    if lock is None or reversed_at < lock:
        return Fate.NEVER_MADE
    terms, reversed_on = version.plan.claw_back, calendar.day_of(reversed_at)
    if terms.is_over(day, reversed_on):
        return Fate.STANDS
    if terms.policy == RESTATE:
        return Fate.NEVER_MADE
    if terms.policy == AT_CURRENT_TIER and not alone and version_on(versions, reversed_on):
        return Fate.TAKEN_OFF
    share = terms.share(day, reversed_on)
    return TakeBack(reversed_on, share) if share else Fate.STANDS


def _standing(
    columns: Columns,
    calendar: Calendar,
    gone: set[int],
    taken_back: Mapping[int, TakeBack],
    taken_off: list[int],
) -> Standing:
    """The columns without what is gone, and with what is taken off at its place in time."""
    kept = [at for at in range(len(columns)) if at not in gone]
    moments = {at: as_micros(columns.reversed_at[at]) for at in taken_off}
    places = [(columns.moments[at], at, False) for at in kept]
    for at in sorted(taken_off, key=moments.__getitem__):
        place = bisect_right(places, moments[at], key=lambda each: each[0])
        places.insert(place, (moments[at], at, True))
    result = columns.only([at for _, at, _ in places])
    negative = [new for new, (_, _, is_negative) in enumerate(places) if is_negative]
    for new in negative:
        result.amounts[new] = -result.amounts[new]
        result.quantities[new] = -result.quantities[new]
        result.moments[new] = places[new][0]
    result.days = calendar.days_of(result.moments) if negative else result.days
    new_at = {old: new for new, (_, old, is_negative) in enumerate(places) if not is_negative}
    result.taken_off = {new: columns.days[places[new][1]] for new in negative}
    return Standing(result, {new_at[at]: back for at, back in taken_back.items()})
