"""The lines to be posted to one payee, as columns: what is missing, in the order of its subjects.

`core/posting.py` says what is missing, one subject at a time. Most of the time nothing was posted
before, or hardly anything differs; both are seen here without looking closely at every subject.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from incentives.core.posting import (
    WITHDRAWN,
    Draft,
    Held,
    OpenPeriods,
    Subject,
    Target,
    missing_lines,
)

# A subject and what a payee should have about it, side by side: origin, activity, component,
# aspect, amount, day, terms, steps. Terms are named by a text that differs where they do.
Wanted = tuple[str, int, int, str, int, date, str, str]
_SUBJECT = itemgetter(0, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class LedgerLines:
    """Parallel lists, one entry a line. `amends` is 0 for the first line about its subject;
    `steps` is None where a line withdraws what was posted."""

    origins: Sequence[str] = ()
    activity_ids: Sequence[int] = ()
    components: Sequence[int] = ()
    aspects: Sequence[str] = ()
    amends: Sequence[int] = ()
    periods: Sequence[str] = ()
    days: Sequence[date] = ()
    amounts: Sequence[int] = ()
    terms: Sequence[str] = ()
    steps: Sequence[str | None] = ()

    def __len__(self) -> int:
        return len(self.amounts)


NO_LINES = LedgerLines()


def lines_to_post(
    wanted: Sequence[Wanted],
    held: Mapping[Subject, Held[str]],
    periods: OpenPeriods,
    say_the_same: Callable[[Held[str], Target[str]], bool] = lambda held, target: False,
) -> LedgerLines:
    """What leads from what is held to what is wanted: the same as `missing_lines`, only sooner.

    `say_the_same` tells of two explanations that are written in other words whether they differ.
    """
    if not held and periods.all_are_open:
        return _first_lines(wanted)
    targets: dict[Subject, Target[str]] = {Subject(*line[:4]): Target(*line[4:]) for line in wanted}
    differing = {
        subject
        for subject in targets.keys() | held.keys()
        if subject not in held or targets.get(subject) != held[subject][:4]
    }
    for subject in differing & targets.keys() & held.keys():
        target, before = targets[subject], held[subject]
        if before[:2] == target[:2] and before.steps and say_the_same(before, target):
            differing.discard(subject)
    return as_columns(
        missing_lines(
            {subject: targets[subject] for subject in differing & targets.keys()},
            {subject: held[subject] for subject in differing & held.keys()},
            periods,
        )
    )


def _first_lines(wanted: Sequence[Wanted]) -> LedgerLines:
    if not wanted:
        return NO_LINES
    origins, activity_ids, components, aspects, amounts, days, terms, steps = zip(
        *sorted(wanted, key=_SUBJECT), strict=True
    )
    return LedgerLines(
        origins=origins,
        activity_ids=activity_ids,
        components=components,
        aspects=aspects,
        amends=(0,) * len(amounts),
        periods=origins,
        days=days,
        amounts=amounts,
        terms=terms,
        steps=steps,
    )


def as_columns(drafts: Iterable[Draft[str]]) -> LedgerLines:
    found = list(drafts)
    subjects = [draft.subject for draft in found]
    return LedgerLines(
        origins=[subject.origin for subject in subjects],
        activity_ids=[subject.activity_id for subject in subjects],
        components=[subject.component for subject in subjects],
        aspects=[subject.aspect for subject in subjects],
        amends=[draft.amends or 0 for draft in found],
        periods=[draft.period for draft in found],
        days=[draft.day for draft in found],
        amounts=[draft.amount for draft in found],
        terms=[draft.terms for draft in found],
        steps=[None if draft.reason == WITHDRAWN else draft.steps for draft in found],
    )
