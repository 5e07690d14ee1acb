"""Most of one KPI between two instants."""

from collections.abc import Mapping, Sequence

from incentives.core.measures import Kpi
from incentives.core.ranking import Entry
from incentives.core.standings import Entrant, MeasuredSpan, entry

KIND, LABEL = "sprint", "Sprint"
SUITS = "Most of one number in a window. Suits short pushes that everyone can join."


def entries(kpi: Kpi, entrants: Sequence[Entrant], done: Mapping[int, MeasuredSpan]) -> list[Entry]:
    """Scores of all entrants; who did nothing stands there with 0."""
    return [entry(kpi, entrant, done.get(entrant.id, MeasuredSpan())) for entrant in entrants]
