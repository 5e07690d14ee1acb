"""One line as people read it: what is posted about one thing in a month, and what explains it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from incentives.core.results import EARNED, FLOOR, NO_ACTIVITY, TAKEN_BACK
from incentives.core.working import Slice, Working
from incentives.store.activities import StoredActivity
from incentives.store.ledger import PostedLine

# Lines about the same thing, in the order they were posted.
Lines = list[PostedLine]
Subject = tuple[int, int, str, str]


@dataclass(frozen=True, slots=True)
class EarnedLine:
    """What one activity, or a whole period, earned: all that is posted about it in a month, with
    its newest working. `origin` is the period it belongs to, `is_whole` whether nothing about it
    was posted in an earlier month."""

    activity_id: int
    label: str
    day: date
    origin: str
    aspect: str
    amount_minor: int
    is_late: bool
    is_whole: bool
    working: Working

    @property
    def is_of_period(self) -> bool:
        return self.activity_id == NO_ACTIVITY

    @property
    def is_earned(self) -> bool:
        return self.aspect == EARNED

    @property
    def is_taken_back(self) -> bool:
        return self.aspect == TAKEN_BACK

    @property
    def is_floor(self) -> bool:
        return self.aspect == FLOOR

    @property
    def slices(self) -> Sequence[Slice]:
        return self.working.slices

    @property
    def base(self) -> Fraction | None:
        """What was paid on: the measured parts of the slices; None where a result was paid for."""
        measured = [part.base for part in self.slices if part.is_measured]
        return sum(measured, Fraction(0)) if measured else None

    @property
    def exact(self) -> Fraction | None:
        """What the line was before cap, budget and rounding, where the slices say it all."""
        found = self.working.exact
        if found is None or not self.is_earned or not self.is_whole:
            return None
        notes = self.working.notes
        if self.working.parts:
            return sum((_of_part(part.notes) for part in self.working.parts), Fraction(0))
        if str(notes.get("gate", "")).endswith(": no"):
            return Fraction(0)
        found -= Fraction(notes.get("paid_before", 0))
        return found * Fraction(notes.get("multiplier", 1))

    @property
    def is_cut_down(self) -> bool:
        """Whether a cap or a budget has taken something off."""
        return bool({"before_cap", "before_budget"} & self.working.notes.keys())


def _of_part(part: Mapping[str, str]) -> Fraction:
    """What gate and multiplier leave of one of several spans that a line pays for."""
    return Fraction(part["given"]) * Fraction(part["times"])


def by_subject(lines: Iterable[PostedLine]) -> dict[Subject, Lines]:
    """Lines about the same thing, in the order they were posted."""
    subjects: dict[Subject, Lines] = {}
    for line in lines:
        subject = (line.component_id, line.activity_id, line.origin_period, line.aspect)
        subjects.setdefault(subject, []).append(line)
    return subjects


def read_line(group: Lines, activity: StoredActivity | None) -> EarnedLine:
    """Lines about one thing as one line."""
    first, last = group[0], group[-1]
    return EarnedLine(
        activity_id=last.activity_id,
        label=label_of(activity) if activity else last.component.name,
        day=last.day,
        origin=last.origin_period,
        aspect=aspect_of(last),
        amount_minor=sum(line.amount for line in group),
        is_late=last.period != last.origin_period,
        is_whole=not first.amends,
        working=last.working,
    )


def aspect_of(line: PostedLine) -> str:
    """Earned, taken back or floor. The second of a period is numbered: earned-2."""
    return line.aspect.partition("-")[0]


def label_of(activity: StoredActivity) -> str:
    """A deal in a few words: its product and account, or else its name in the source."""
    named = [activity.attributes.get("product", ""), activity.attributes.get("account", "")]
    return ", ".join(filter(None, named)) or activity.external_id
