"""Which credits count for a component, and with which value."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from incentives.core import conditions
from incentives.core.columns import Columns
from incentives.core.components import Component
from incentives.core.measures import MEASURES, Measure
from incentives.core.scaled import scaled


@dataclass(slots=True)
class Selection:
    """The credits of some columns that count: their indexes in `where`, in order.

    `values` are what is paid on and `moves` what moves the position, over `scale`, that of the
    columns; they are one list unless attainment has another basis. Where `pays` is
    given, the others only move. `without_rate` are the indexes of those that wait for a rate.
    """

    where: Sequence[int]
    days: list[date]
    values: list[int]
    moves: list[int]
    scale: int
    pays: list[bool] | None = None
    without_rate: Sequence[int] = ()


def select(columns: Columns, component: Component) -> Selection:
    """What counts for a component of all that is in the columns."""
    candidates = _candidates(columns, component)
    where, without_rate = _counting(columns, candidates, component.measure, component.conditions)
    if component.attainment is None:
        values, scale = measured(columns, where, MEASURES[component.measure])
        days = columns.days if len(where) == len(columns) else [columns.days[at] for at in where]
        return Selection(where, days, values, values, scale, None, without_rate)
    moving, _ = _counting(
        columns, candidates, component.attainment["measure"], component.attainment["conditions"]
    )
    return _of_two(columns, component, where, moving, without_rate)


def _of_two(
    columns: Columns,
    component: Component,
    paying: Sequence[int],
    moving: Sequence[int],
    without_rate: Sequence[int],
) -> Selection:
    """What pays and what moves, side by side."""
    values, scale = measured(columns, paying, MEASURES[component.measure])
    moves, other = measured(columns, moving, MEASURES[component.attainment_measure])
    assert scale == other, "one scale stands under all the columns"
    value_at, move_at = (
        dict(zip(paying, values, strict=True)),
        dict(zip(moving, moves, strict=True)),
    )
    where = sorted(value_at.keys() | move_at.keys())
    return Selection(
        where,
        [columns.days[at] for at in where],
        [value_at.get(at, 0) for at in where],
        [move_at.get(at, 0) for at in where],
        scale,
        [at in value_at for at in where],
        without_rate,
    )


def _candidates(columns: Columns, component: Component) -> Sequence[int]:
    if component.window:
        start = bisect_left(columns.days, component.window["first_day"])
        inside = range(start, bisect_left(columns.days, component.window["end_day"], start))
        return _by_origin(columns, component.window, inside) if columns.taken_off else inside
    return range(len(columns))


def _by_origin(columns: Columns, window: Mapping[str, date], inside: range) -> list[int]:
    """What is taken off for a cancelled deal lies in the window where the deal lay in it."""
    stand = [at for at in inside if at not in columns.taken_off]
    off = [
        at
        for at, day in columns.taken_off.items()
        if window["first_day"] <= day < window["end_day"]
    ]
    return sorted(stand + off)


def _counting(
    columns: Columns, candidates: Sequence[int], measure_slug: str, said: dict[str, Any]
) -> tuple[Sequence[int], Sequence[int]]:
    """The indexes that count for a measure under conditions, and those that would with a rate."""
    measure = MEASURES[measure_slug]
    found = candidates
    if any(kind not in measure.kinds for kind in set(columns.kinds)):
        kinds = columns.kinds
        found = [at for at in found if kinds[at] in measure.kinds]
    if measure.needs is not None:
        found = [at for at in found if measure.counts(columns.attributes[at])]
    matching = conditions.matching(said, columns, found)
    if not columns.without_rate:
        return matching, ()
    return _apart(columns, measure, said, found, matching)


def _apart(
    columns: Columns,
    measure: Measure,
    said: dict[str, Any],
    found: Sequence[int],
    matching: Sequence[int],
) -> tuple[Sequence[int], Sequence[int]]:
    """What can be counted, and what waits for a rate: where the conditions read the amount, it is
    not known before that whether it counts."""
    unknown, reads_amount = columns.without_rate, conditions.reads_amount(said)
    if not measure.is_money and not reads_amount:
        return matching, ()
    may_count = found if reads_amount else matching
    return (
        [at for at in matching if at not in unknown],
        [at for at in may_count if at in unknown],
    )


def measured(columns: Columns, where: Sequence[int], measure: Measure) -> tuple[list[int], int]:
    """The values of a measure, as whole numbers over a scale."""
    column = columns.amounts if measure.is_money else columns.quantities
    values = column if len(where) == len(column) else [column[at] for at in where]
    if measure.by is None:
        return values, columns.scale
    weights, finer = scaled([measure.weight(columns.attributes[at]) for at in where])
    return [
        value * weight for value, weight in zip(values, weights, strict=True)
    ], columns.scale * finer
