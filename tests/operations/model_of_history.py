"""What a small team should have, by arithmetic that can be redone on paper.

The plan: a flat rate; two tiers by attainment of the year's quota, year to date; points for each
deal; and for Mo an override on what the people of East sell. Knows nothing of the product: plain
values in, whole cents and points out.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

FLAT, TIERS, POINTS, OVERRIDE = "flat", "tiers", "points", "override"
MANAGER, MANAGED = "mo", "east"


@dataclass(frozen=True)
class Deal:
    """A won deal as it was told last. `received` is when it was told first."""

    name: str
    occurred: datetime
    received: datetime
    amount: Decimal
    currency: str
    shares: tuple[tuple[str, Decimal], ...]
    reversed: bool = False

    @property
    def day(self) -> date:
        return self.occurred.date()

    @property
    def month(self) -> str:
        return f"{self.day:%Y-%m}"


@dataclass(frozen=True)
class Version:
    first_day: date
    flat: Decimal
    below: Decimal
    above: Decimal
    points: int
    override: Decimal


class Subject(NamedTuple):
    payee: str
    component: str
    deal: str
    origin: str


class Move(NamedTuple):
    before: int
    after: int


def half_up(exact: Fraction) -> int:
    """To a whole number, away from zero in the middle."""
    whole = int(abs(exact) + Fraction(1, 2))
    return whole if exact >= 0 else -whole


def after(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02}"


@dataclass
class History:
    deals: dict[str, Deal] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)
    quotas: dict[tuple[str, int], Decimal] = field(default_factory=dict)
    # What a euro is worth in dollars, by the first day of the rate.
    euro: dict[date, Decimal] = field(default_factory=dict)
    # The team of each person, by the first day in it.
    homes: dict[str, dict[date, str]] = field(default_factory=dict)
    # The last month that is locked; those before it are closed with it.
    locked_until: str = ""
    adjusted: Counter[tuple[str, str]] = field(default_factory=Counter)
    posted: Counter[tuple[Subject, str]] = field(default_factory=Counter)
    held: Counter[Subject] = field(default_factory=Counter)

    def due(self, now: datetime) -> Counter[Subject]:
        """What everybody should have, in cents and points, by what is known at a moment."""
        due: Counter[Subject] = Counter()
        reached: defaultdict[tuple[str, int], Fraction] = defaultdict(Fraction)
        for deal in sorted(self.counting(now), key=lambda d: (d.occurred, d.received, d.name)):
            version, worth = _on(deal.day, self._versions), self.worth(deal)
            of_team = Fraction(0)
            for payee, percent in deal.shares:
                share = Fraction(percent) / 100
                due[Subject(payee, POINTS, deal.name, deal.month)] = half_up(version.points * share)
                if worth is None:
                    continue
                sold, key = worth * share, (payee, deal.day.year)
                due[Subject(payee, FLAT, deal.name, deal.month)] = half_up(
                    100 * sold * Fraction(version.flat)
                )
                if quota := self.quotas.get(key):
                    bound = Fraction(quota)
                    below = min(bound, reached[key] + sold) - min(bound, reached[key])
                    due[Subject(payee, TIERS, deal.name, deal.month)] = half_up(
                        100 * (below * Fraction(version.below))
                        + 100 * ((sold - below) * Fraction(version.above))
                    )
                reached[key] += sold
                if payee != MANAGER and _on(deal.day, self.homes[payee]) == MANAGED:
                    of_team += sold
            due[Subject(MANAGER, OVERRIDE, deal.name, deal.month)] = half_up(
                100 * of_team * Fraction(version.override)
            )
        return due

    def counting(self, now: datetime) -> list[Deal]:
        return [d for d in self.deals.values() if not d.reversed and d.occurred < now]

    def worth(self, deal: Deal) -> Fraction | None:
        """In dollars; None where no rate is set."""
        rate = Decimal(1) if deal.currency == "USD" else _on(deal.day, self.euro)
        return None if rate is None else Fraction(deal.amount) * Fraction(rate)

    def refresh(self, now: datetime) -> dict[Subject, Move]:
        """Post target less posted, in the first open month. What moved."""
        due, moved = self.due(now), {}
        for subject in due.keys() | self.held.keys():
            move = Move(self.held[subject], due[subject])
            if move.before != move.after:
                moved[subject] = move
                self.posted[subject, self.open_from(subject.origin)] += move.after - move.before
                self.held[subject] = move.after
        return moved

    def open_from(self, month: str) -> str:
        return month if month > self.locked_until else after(self.locked_until)

    def is_closed(self, month: str) -> bool:
        return month <= self.locked_until

    @property
    def _versions(self) -> Mapping[date, Version]:
        """Of several from one day the newest holds."""
        return {version.first_day: version for version in self.versions}


def _on(day: date, since: Mapping[date, object]):
    """What holds on a day, of what begins on days."""
    begun = [first for first in since if first <= day]
    return since[max(begun)] if begun else None
