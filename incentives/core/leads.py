"""Who took the lead when, found by adding up what everybody did in order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, localcontext
from itertools import groupby
from operator import attrgetter

from incentives.core.money import EXACT


@dataclass(frozen=True, slots=True)
class Step:
    """What one activity added to somebody's score, less than nothing for a credit note."""

    entrant_id: int
    activity_id: int
    at: datetime
    value: Decimal


@dataclass(frozen=True, slots=True)
class LeadTaken:
    """`activity_id` is what brought somebody past everybody else, to `score`."""

    entrant_id: int
    activity_id: int
    at: datetime
    score: Decimal


def leads_taken(steps: Iterable[Step]) -> list[LeadTaken]:
    """Every overtaking at the top, oldest first.

    What happened at one moment counts together. Who scores first overtakes nobody; who draws level
    does not lead; and who is left in front because another fell back has not taken anything.
    """
    scores: dict[int, Decimal] = {}
    found: list[LeadTaken] = []
    leader: int | None = None
    best = Decimal(0)
    moment = attrgetter("at")
    with localcontext(EXACT):
        for at, each in groupby(sorted(steps, key=moment), key=moment):
            now = list(each)
            for step in now:
                scores[step.entrant_id] = scores.get(step.entrant_id, Decimal(0)) + step.value
            best = _best(best, now, scores)
            if best <= 0 or (leader is not None and scores[leader] == best):
                continue
            first = _alone_in_front(scores, best)
            if first is None:
                continue
            deed = _deed_of(first, now)
            if leader is not None and deed is not None:
                found.append(LeadTaken(first, deed, at, best))
            leader = first
    return found


def _best(best: Decimal, now: Sequence[Step], scores: dict[int, Decimal]) -> Decimal:
    """Everybody is looked at only where somebody fell back."""
    if any(step.value < 0 for step in now):
        return max(scores.values())
    return max(best, *(scores[step.entrant_id] for step in now))


def _alone_in_front(scores: dict[int, Decimal], best: Decimal) -> int | None:
    in_front = [entrant for entrant, score in scores.items() if score == best]
    return in_front[0] if len(in_front) == 1 else None


def _deed_of(entrant_id: int, now: Sequence[Step]) -> int | None:
    """What somebody did at this moment that raised the score; the newest of several."""
    mine = [step.activity_id for step in now if step.entrant_id == entrant_id and step.value > 0]
    return max(mine, default=None)
