"""From what everybody did to the scores they are ranked by."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from incentives.core.boards.definition import Definition
from incentives.core.boards.readings import READINGS, Done
from incentives.core.boards.tie_chain import secondary
from incentives.core.measures import KPIS, Kpi
from incentives.core.ranking import NEVER, Entry, Number
from incentives.core.standings import Entrant, MeasuredSpan
from incentives.core.working_days import working_days

NOTHING = MeasuredSpan()


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that scores are made of, by entrant. `targets` are by measure, too; `before` is the own
    baseline; days are those on which one was there."""

    done: Mapping[int, MeasuredSpan]
    targets: Mapping[str, Mapping[int, Fraction]] = field(default_factory=dict)
    days: Mapping[int, int] = field(default_factory=dict)
    before: Mapping[int, MeasuredSpan] = field(default_factory=dict)
    days_before: Mapping[int, int] = field(default_factory=dict)


def entries(definition: Definition, entrants: Iterable[Entrant], inputs: Inputs) -> list[Entry]:
    """Everybody's score, when they reached it, and what decides between equal ones."""
    ties = [KPIS[slug] for slug in definition.ties]
    found = []
    for entrant in entrants:
        done = inputs.done.get(entrant.id, NOTHING)
        found.append(
            Entry(
                entrant.id,
                entrant.name,
                score(definition, entrant.id, inputs),
                _reached(definition.kpis, done),
                secondary(ties, done.values),
            )
        )
    return found


def score(definition: Definition, entrant_id: int, inputs: Inputs) -> Number | None:
    """The weighed sum of the readings; None where one of them cannot be told."""
    read = READINGS[definition.reading.kind]
    total: Number | None = None
    for term, kpi in zip(definition.scores, definition.kpis, strict=True):
        target = inputs.targets.get(kpi.counts, {}).get(entrant_id)
        if term.target is not None:
            target = Fraction(term.target)
        value = read(
            Done(
                kpi,
                inputs.done.get(entrant_id, NOTHING).values,
                target,
                inputs.days.get(entrant_id, 0),
                inputs.before.get(entrant_id, NOTHING).values,
                inputs.days_before.get(entrant_id, 0),
            )
        )
        if value is None:
            return None
        if len(definition.scores) == 1 and term.weight == 1:
            return value
        weighed = Fraction(value) * Fraction(term.weight)
        total = weighed if total is None else Fraction(total) + weighed
    return total


def _reached(kpis: Sequence[Kpi], done: MeasuredSpan) -> int:
    """When the score last grew: the tie clock (semantics 28)."""
    return max((done.raised_at.get(kpi.counts, 0) for kpi in kpis), default=0) or NEVER


def available_days(
    spells: Iterable[tuple[date, date | None]],
    first_day: date,
    end_day: date,
    days_off: Collection[date],
) -> int:
    """Working days in [first_day, end_day) on which somebody was there: in one of the spells, and
    neither on holiday nor on leave."""
    return sum(
        working_days(max(first_day, begins), min(end_day, ends or end_day), days_off)
        for begins, ends in spells
    )
