"""What one activity adds to a score, so that what is listed sums to what is shown."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from incentives.core.boards.definition import Definition
from incentives.core.boards.readings import OF_TARGET, PER_DAY, RAW


def shares_of_score(
    definition: Definition, targets: Mapping[str, Fraction], days: int
) -> Mapping[str, Fraction] | None:
    """What one unit of each measure adds to a score: its weight, divided by the own target or by
    the days one was there. None where a score is no sum of its activities, as a ratio is."""
    kind = definition.reading.kind
    found: dict[str, Fraction] = {}
    for term, kpi in zip(definition.scores, definition.kpis, strict=True):
        if kpi.over is not None or kind not in (RAW, OF_TARGET, PER_DAY):
            return None
        share = Fraction(term.weight)
        if kind == OF_TARGET:
            target = targets.get(kpi.counts) if term.target is None else Fraction(term.target)
            if not target or kpi.lower_is_better:
                return None
            share /= target
        if kind == PER_DAY:
            if days <= 0:
                return None
            share /= days
        found[kpi.counts] = found.get(kpi.counts, Fraction(0)) + share
    return found


def adds(values: Mapping[str, Decimal], shares: Mapping[str, Fraction]) -> Fraction:
    """What an activity of these values adds."""
    return sum(
        (
            Fraction(value) * shares[measure]
            for measure, value in values.items()
            if measure in shares
        ),
        Fraction(0),
    )
