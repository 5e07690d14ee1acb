"""The one way in for whoever has many payees: each is summed the quickest way there is."""

from collections.abc import Sequence

from incentives.core.bulk.crowd import crowd_of
from incentives.core.bulk.many import calculate_many
from incentives.core.bulk.plain import is_plain
from incentives.core.calculate import calculate
from incentives.core.case import Case
from incentives.core.columns import Columns
from incentives.core.results import Calculation

# Below this the arrays take longer to make than the sums.
WORTH_IT = 8


def calculate_each(cases: Sequence[Case], columns: Sequence[Columns]) -> list[Calculation]:
    """What `calculate` gives for each case with its credits, in their order. The cases are of one
    company at one moment: calendar and locks are the same for all."""
    together: list[int] = []
    if len(cases) >= WORTH_IT:
        together = [at for at, case in enumerate(cases) if is_plain(case, columns[at])]
    if len(together) < WORTH_IT:
        return list(map(calculate, cases, columns))
    found = _calculate_together([cases[at] for at in together], [columns[at] for at in together])
    by_place = dict(zip(together, found, strict=True))
    return [by_place.get(at) or calculate(case, columns[at]) for at, case in enumerate(cases)]


def _calculate_together(
    cases: Sequence[Case], columns: Sequence[Columns]
) -> list[Calculation | None]:
    """None for those who have to be calculated one by one."""
    try:
        made, left = calculate_many(crowd_of(cases, columns))
    except OverflowError:
        return [None] * len(cases)
    return [
        None
        if number in left
        else Calculation([line for component in made for line in component.of(number)])
        for number in range(len(cases))
    ]
