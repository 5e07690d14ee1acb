"""The lines of one component before they are final, as columns, in order of day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from incentives.core.results import EARNED, ResultLine, Terms, as_line
from incentives.core.taking_back import TakeBack


class TakenPart(NamedTuple):
    """What of a line for a whole period was for one deal, in whole units, and what explains it."""

    amount: int
    slices: Sequence[tuple[int, Fraction]]
    working: Mapping[str, Any]


class Taken(NamedTuple):
    """A cancelled deal that a line paid, and what of the line was for it; None is all of it."""

    activity_id: int
    back: TakeBack
    part: TakenPart | None = None


@dataclass(slots=True)
class Drafts:
    """Parallel lists, one entry a line; `amounts` are whole units of the yield.

    `owners` is filled where the credits are several people's. `taken_back` says, by index, what is
    taken back of a line. `missing` are pay periods in which nothing can be paid.
    """

    activity_ids: list[int] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    periods: list[str] = field(default_factory=list)
    amounts: list[int] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    terms: list[Terms] = field(default_factory=list)
    aspects: list[str] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    taken_back: dict[int, list[Taken]] = field(default_factory=dict)
    back_lines: list[ResultLine] = field(default_factory=list)
    back_terms: dict[tuple[int, str, Fraction], Terms] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.amounts)

    def add(
        self, activity_id: int, day: date, period: str, amount: int, steps: str, terms: Terms
    ) -> None:
        self.activity_ids.append(activity_id)
        self.days.append(day)
        self.periods.append(period)
        self.amounts.append(amount)
        self.steps.append(steps)
        self.terms.append(terms)
        self.aspects.append(EARNED)

    def keep(self, wanted: Sequence[bool], start: int = 0) -> None:
        """Of the lines from an index on, only those that are wanted."""
        if all(wanted):
            return
        kept = [at for at, is_wanted in enumerate(wanted, start=start) if is_wanted]
        places = {old: new for new, old in enumerate(kept, start=start)}
        self.taken_back = {
            places.get(at, at): taken
            for at, taken in self.taken_back.items()
            if at < start or at in places
        }
        for name in ("activity_ids", "days", "periods", "amounts", "steps", "terms", "aspects"):
            column = getattr(self, name)
            column[start:] = [column[at] for at in kept]
        if self.owners:
            self.owners[start:] = [self.owners[at] for at in kept]

    def change(self, start: int, amounts: Sequence[int], why: str) -> None:
        """Set amounts from an index on; a line that changes says what it was before."""
        if amounts == self.amounts[start : start + len(amounts)]:
            return
        for at, amount in enumerate(amounts, start=start):
            if amount != self.amounts[at]:
                self.steps[at] += f";{why}={self.amounts[at]}"
                self.amounts[at] = amount

    def lines(self) -> list[ResultLine]:
        columns = zip(
            self.terms,
            self.activity_ids,
            self.periods,
            self.aspects,
            self.amounts,
            self.days,
            self.steps,
            strict=True,
        )
        return [*map(as_line, columns), *self.back_lines]
