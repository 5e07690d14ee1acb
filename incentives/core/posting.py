"""What to post so that a ledger says what it should: target − posted (semantics 23 and 24).

Pure: the ledger tells what it holds, this decides, and the ledger appends. Nothing that is posted
is ever changed, and nothing is ever posted in a locked period.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from incentives.core.calendar import ALWAYS, Calendar, Period
from incentives.core.results import ADJUSTED, EARNED, TAKEN_BACK

# Why a line is posted, beside what it is (`results.EARNED` and so on).
LATE, RECALCULATED, WITHDRAWN = "late", "recalculated", "withdrawn"

# What explains many lines at once: anything that is equal where it says the same.
Terms = TypeVar("Terms")


class Subject(NamedTuple):
    """What a line of one payee is about. `origin` is the period that it belongs to, `aspect` one
    of `results.ASPECTS`. The lines about a subject sum to what the payee has."""

    origin: str
    activity_id: int
    component: int
    aspect: str = EARNED


class Target(NamedTuple, Generic[Terms]):
    """What a payee should have about a subject, in whole units, with what explains it."""

    amount: int
    day: date
    terms: Terms
    steps: str


class Held(NamedTuple, Generic[Terms]):
    """What is posted so far about a subject: the sum, and the last line by its number in the
    ledger (`sequence`) and among those of the subject (`entry`, from 1)."""

    amount: int
    day: date
    terms: Terms
    steps: str
    entry: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Draft(Generic[Terms]):
    """A line to be posted in `period`: its origin or, where that is locked, an open one later.

    `amends` is the line it corrects, by its sequence.
    """

    subject: Subject
    entry: int
    period: str
    amount: int
    day: date
    terms: Terms
    steps: str
    reason: str
    amends: int | None


def reason_of(aspect: str, *, amends: int | None, is_late: bool, is_withdrawn: bool) -> str:
    """Why a line is posted. What is taken back or adjusted is never late: that is what it is.

    The aspect may bear a number, "earned-2", where several lines pay one period.
    """
    if amends:
        return WITHDRAWN if is_withdrawn else RECALCULATED
    aspect = aspect.partition("-")[0]
    return LATE if is_late and aspect not in (TAKEN_BACK, ADJUSTED) else aspect


class OpenPeriods:
    """Where a line is posted that belongs to a period, while some pay periods are locked.

    What ended before a locked period is closed with it, also where nothing was paid in it and so
    nobody locked it: a balance is never carried past a statement that does not know it.
    """

    def __init__(self, calendar: Calendar, locked: Collection[str] = ()) -> None:
        self._calendar = calendar
        # For each kind of period, the first day that is open.
        self._open_from: dict[str, date] = {}
        for period in map(self._named, locked):
            open_from = max(period.end_day, self._open_from.get(period.kind, period.end_day))
            self._open_from[period.kind] = open_from

    def __contains__(self, key: str) -> bool:
        if not self._open_from:
            return True
        period = self._named(key)
        return self.open_from(period.kind) <= period.first_day

    @property
    def all_are_open(self) -> bool:
        return not self._open_from

    def open_from(self, kind: str) -> date:
        """The first day of the first open period of a kind."""
        return self._open_from.get(kind, ALWAYS)

    def first_from(self, origin: str) -> str:
        """The key of the period itself, or of the first after it that is open."""
        if origin in self:
            return origin
        kind = self._named(origin).kind
        return self._calendar.period_of(self.open_from(kind), kind).key

    def _named(self, key: str) -> Period:
        period = self._calendar.period_named(key)
        assert period is not None, "lines belong to periods that exist"
        return period


def missing_lines(
    targets: Mapping[Subject, Target[Terms]],
    held: Mapping[Subject, Held[Terms]],
    periods: OpenPeriods,
) -> list[Draft[Terms]]:
    """The lines that lead from what is held to the targets, in a fixed order.

    A subject without a target is taken back to nothing. Posted, they make the same targets miss
    nothing.
    """
    drafts = (
        _missing(subject, targets.get(subject), held.get(subject), periods)
        for subject in sorted(targets.keys() | held.keys())
    )
    return [draft for draft in drafts if draft is not None]


def _missing(
    subject: Subject,
    target: Target[Terms] | None,
    held: Held[Terms] | None,
    periods: OpenPeriods,
) -> Draft[Terms] | None:
    if held is None:
        assert target is not None, "a subject is either wanted or held"
        return _first(subject, target, periods)
    withdrawn = target is None
    target = target or Target(0, held.day, held.terms, "")
    if not _differs(target, held, is_open=subject.origin in periods):
        return None
    return Draft(
        subject=subject,
        entry=held.entry + 1,
        period=periods.first_from(subject.origin),
        amount=target.amount - held.amount,
        day=target.day,
        terms=target.terms,
        steps=target.steps,
        reason=reason_of(
            subject.aspect, amends=held.sequence, is_late=False, is_withdrawn=withdrawn
        ),
        amends=held.sequence,
    )


def _first(subject: Subject, target: Target[Terms], periods: OpenPeriods) -> Draft[Terms] | None:
    is_late = subject.origin not in periods
    if is_late and target.amount == 0:
        return None
    return Draft(
        subject=subject,
        entry=1,
        period=periods.first_from(subject.origin),
        amount=target.amount,
        day=target.day,
        terms=target.terms,
        steps=target.steps,
        reason=reason_of(subject.aspect, amends=None, is_late=is_late, is_withdrawn=False),
        amends=None,
    )


def _differs(target: Target[Terms], held: Held[Terms], *, is_open: bool) -> bool:
    """Whether a line is missing. While a period is open, a line over nothing keeps the explanation
    true; what a locked one says explains what was known then, so only an amount counts there."""
    if not is_open:
        return target.amount != held.amount
    return (target.amount, target.day, target.terms, target.steps) != (
        held.amount,
        held.day,
        held.terms,
        held.steps,
    )
