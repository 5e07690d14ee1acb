"""The lines to be posted to one payee, as columns: what is missing.

`core/posting.py` says what is missing, one subject at a time. Most of the time nothing was posted
before, or hardly anything differs; both are seen here without looking closely at every subject.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import compress
from typing import NamedTuple

from incentives.core.posting import (
    WITHDRAWN,
    Draft,
    Held,
    OpenPeriods,
    Subject,
    Target,
    missing_lines,
)


class Lines(NamedTuple):
    """What a payee should have, or has: parallel columns, one entry a subject.

    `days` are ISO texts, and terms are named by a text that differs where they do.
    """

    components: Sequence[int] = ()
    activity_ids: Sequence[int] = ()
    origins: Sequence[str] = ()
    aspects: Sequence[str] = ()
    amounts: Sequence[int] = ()
    days: Sequence[str] = ()
    terms: Sequence[str] = ()
    steps: Sequence[str] = ()

    def of(self, origins: Collection[str]) -> "Lines":
        """Only what belongs to some periods."""
        kept = [origin in origins for origin in self.origins]
        return Lines._make(list(compress(column, kept)) for column in self)


# One entry of `Lines`.
_Line = tuple[int, int, str, str, int, str, str, str]


@dataclass(frozen=True, slots=True)
class HeldLines:
    """What is posted: the sum about each subject, with what its last line says. `last` has that
    line's number in the ledger, and its number among those about the subject."""

    lines: Lines
    last: Sequence[tuple[int, int]]


NO_LINES = Lines()
NOTHING_HELD = HeldLines(NO_LINES, ())


@dataclass(frozen=True, slots=True)
class NewLines:
    """What is to be posted: parallel columns, one entry a line. `amends` is 0 for the first line
    about its subject; `steps` is None where a line withdraws what was posted."""

    components: Sequence[int] = ()
    activity_ids: Sequence[int] = ()
    origins: Sequence[str] = ()
    aspects: Sequence[str] = ()
    amends: Sequence[int] = ()
    periods: Sequence[str] = ()
    days: Sequence[str] = ()
    amounts: Sequence[int] = ()
    terms: Sequence[str] = ()
    steps: Sequence[str | None] = ()

    def __len__(self) -> int:
        return len(self.amounts)


# Of two explanations in other words, whether they are one.
Alike = Callable[[Held[str], Target[str]], bool]


def lines_to_post(
    wanted: Lines,
    held: HeldLines,
    periods: OpenPeriods,
    say_the_same: Alike = lambda held, target: False,
) -> NewLines:
    """What leads from what is held to what is wanted: the lines of `missing_lines`, only sooner.
    Where nothing is held they stand in the order of what is wanted."""
    if not held.last and periods.all_are_open:
        return _first_lines(wanted)
    all_wanted, all_held = set(zip(*wanted, strict=True)), set(zip(*held.lines, strict=True))
    targets = dict(map(_target, all_wanted - all_held))
    before = _held(held, all_held - all_wanted)
    for subject in targets.keys() & before.keys():
        if _only_rephrased(before[subject], targets[subject], say_the_same):
            del targets[subject], before[subject]
    return _as_columns(missing_lines(targets, before, periods))


def _first_lines(wanted: Lines) -> NewLines:
    return NewLines(
        components=wanted.components,
        activity_ids=wanted.activity_ids,
        origins=wanted.origins,
        aspects=wanted.aspects,
        amends=(0,) * len(wanted.amounts),
        periods=wanted.origins,
        days=wanted.days,
        amounts=wanted.amounts,
        terms=wanted.terms,
        steps=wanted.steps,
    )


def _subject(line: _Line) -> Subject:
    component, activity_id, origin, aspect, *_ = line
    return Subject(origin, activity_id, component, aspect)


def _target(line: _Line) -> tuple[Subject, Target[str]]:
    *_, amount, day, terms, steps = line
    return _subject(line), Target(amount, date.fromisoformat(day), terms, steps)


def _held(held: HeldLines, wanted: set[_Line]) -> dict[Subject, Held[str]]:
    """Those of the lines that are held which are asked for."""
    found = {}
    if wanted:
        for line, (sequence, entry) in zip(zip(*held.lines, strict=True), held.last, strict=True):
            if line in wanted:
                subject, target = _target(line)
                found[subject] = Held(*target, entry, sequence)
    return found


def _only_rephrased(held: Held[str], target: Target[str], say_the_same: Alike) -> bool:
    same_money = (held.amount, held.day) == (target.amount, target.day)
    return same_money and bool(held.steps) and say_the_same(held, target)


def _as_columns(drafts: Iterable[Draft[str]]) -> NewLines:
    found = list(drafts)
    subjects = [draft.subject for draft in found]
    return NewLines(
        components=[subject.component for subject in subjects],
        activity_ids=[subject.activity_id for subject in subjects],
        origins=[subject.origin for subject in subjects],
        aspects=[subject.aspect for subject in subjects],
        amends=[draft.amends or 0 for draft in found],
        periods=[draft.period for draft in found],
        days=[draft.day.isoformat() for draft in found],
        amounts=[draft.amount for draft in found],
        terms=[draft.terms for draft in found],
        steps=[None if draft.reason == WITHDRAWN else draft.steps for draft in found],
    )
