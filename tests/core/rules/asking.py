"""Rules asked by hand: numbers as texts in, exact numbers out."""

from datetime import date
from fractions import Fraction

from incentives.core.registry import rule_types
from incentives.core.rules import NOTHING_FAILS, Flow, Reach
from incentives.core.scaled import scaled


def rule(kind, params, *, at_bound="upper"):
    module = rule_types()[kind]
    return module.Rule(module.Params().load(params), at_bound=at_bound)


def exact(value):
    return None if value is None else Fraction(value)


def earned(kind, params, values, **terms):
    """What each value earns, in order: for rules that pay by activity."""
    told = earn(kind, params, values, **terms)
    return [Fraction(amount, told.per) for amount in told.amounts]


def earn(
    kind,
    params,
    values,
    *,
    at_bound="upper",
    moves=None,
    start="0",
    held=0,
    quota=None,
    failing=NOTHING_FAILS,
    days=(),
    earlier=(),
    attributes=None,
    is_working_day=lambda day: True,
):
    """The same with its steps."""
    numbers, scale = scaled(
        [Fraction(n) for n in [start, *values, *(moves or []), *(value for _, value in earlier)]]
    )
    first, numbers = numbers[0], numbers[1:]
    paid = numbers[: len(values)]
    moved = numbers[len(values) :][: len(moves)] if moves else paid
    before = numbers[len(numbers) - len(earlier) :]
    flow = Flow(
        held=held,
        values=paid,
        moves=moved,
        start=first,
        scale=scale,
        quota=exact(quota),
        failing=frozenset(failing),
        days=[date.fromisoformat(day) for day in days],
        attributes=attributes or [{}] * len(values),
        earlier=[
            (date.fromisoformat(day), value)
            for (day, _), value in zip(earlier, before, strict=True)
        ],
        is_working_day=is_working_day,
    )
    return rule(kind, params, at_bound=at_bound).earn(flow)


def due(
    kind,
    params,
    reached,
    *,
    base=None,
    quota=None,
    at_bound="upper",
    failing=NOTHING_FAILS,
    target_incentive=None,
    achievements=(),
):
    """What a result gives: for rules that pay by period."""
    asked = rule(kind, params, at_bound=at_bound)
    left = iter(achievements)
    return asked.due(
        Reach(
            reached=exact(reached),
            base=exact(reached if base is None else base),
            quota=exact(quota),
            failing=frozenset(failing),
            target_incentive=exact(target_incentive),
            achievements=lambda item: exact(next(left)),
        )
    )


def paid_by(rows, slices):
    """What slices of (row, base) give by the table that paid."""
    each = [Fraction(row.get("rate") or row["amount"]) for row in rows]
    return sum(base * each[row - 1] for row, base in slices)


def slices_of(step, scale):
    """A step as slices: "1:4000,2:2000" over 1 is 4,000 in row 1 and 2,000 in row 2."""
    pairs = [piece.split(":") for piece in step.split(",") if piece]
    return [(int(row), Fraction(int(base), scale)) for row, base in pairs]
