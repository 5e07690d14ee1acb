"""Components that pay by activity: one line for each credit (semantics 7)."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from incentives.core.calendar import Period
from incentives.core.components import DEAL, Component
from incentives.core.rules import ByActivity, Earned, Flow
from incentives.core.selection import Selection
from incentives.core.sources import AgreementCase, Missing, Source
from incentives.core.stakes import Gaps, Stakes, stakes_in
from incentives.core.versions import ComponentSpan


@dataclass(slots=True)
class Run:
    """Credits [start, end) of a selection that are paid under the same terms."""

    piece: ComponentSpan
    source: Source
    selection: Selection
    start: int
    end: int
    earned: Earned
    stakes: Stakes


@dataclass(slots=True)
class _Position:
    """The running sum in one span, the awards held, and the days and moves that made them."""

    reached: Fraction = Fraction(0)
    held: int = 0
    earlier: list[tuple[date, int]] = field(default_factory=list)


def earn_by_activity(
    agreement: AgreementCase,
    pieces: Sequence[ComponentSpan],
    gaps: Gaps,
) -> Iterator[Run]:
    """What each credit earns, in runs, through all versions of a component.

    Where a version has a rule that pays by period, its credits only move the position.
    """
    positions: dict[str, _Position] = {}
    looks_back = any(piece.component.looks_back for piece in pieces)
    for piece in pieces:
        source = agreement.source_of(piece.component)
        selection = source.selection(piece.component)
        at = bisect_left(selection.days, piece.first_day)
        end = bisect_left(selection.days, piece.end_day)
        while at < end:
            span = _span(agreement, piece.component, selection.days[at])
            stop = _end_of_run(agreement, piece.component, selection, at, end, span, looks_back)
            position = _Position()
            if looks_back and piece.component.accumulates != DEAL:
                position = positions.setdefault(span.key, position)
            run = _earn(agreement, piece, source, selection, slice(at, stop), span, position, gaps)
            if run is not None:
                yield run
            if looks_back and (stop < end or piece is not pieces[-1]):
                _move(position, piece.component, selection, slice(at, stop))
            at = stop


def _span(agreement: AgreementCase, component: Component, day: date) -> Period:
    """The span over which the component accumulates on a day; each deal is paid in its month."""
    if component.accumulates == DEAL:
        return agreement.pay_period(day)
    return agreement.calendar.period_of(day, component.accumulates)


def _end_of_run(
    agreement: AgreementCase,
    component: Component,
    selection: Selection,
    at: int,
    end: int,
    span: Period,
    looks_back: bool,
) -> int:
    """Up to where the same terms hold. `looks_back` says whether any version asks how far the
    payee has come in a span."""
    day = selection.days[at]
    if component.looks_back and component.accumulates == DEAL and component.attainment is not None:
        # A base that is cut by what another one moves is told as finely as the cut needs.
        return at + 1
    end_days = [span.end_day] if looks_back else []
    if component.changes_by_pay_period or component.quota_grows(agreement.pays):
        end_days.append(agreement.pay_period(day).end_day)
        spans = (agreement.calendar.period_of(day, kind) for kind in component.spans_read)
        end_days += [span.end_day for span in spans]
    return bisect_left(selection.days, min(end_days), at, end) if end_days else end


def _earn(
    agreement: AgreementCase,
    piece: ComponentSpan,
    source: Source,
    selection: Selection,
    run: slice,
    span: Period,
    position: _Position,
    gaps: Gaps,
) -> Run | None:
    component, day = piece.component, selection.days[run.start]
    rule = component.sum
    if not isinstance(rule, ByActivity):
        return None
    try:
        stakes = stakes_in(agreement, component, span, agreement.pay_period(day), day, gaps)
    except Missing as missing:
        gap = agreement.pay_period(day) if component.quota_grows(agreement.pays) else span
        keys = source.period_keys(agreement)
        gaps.add(component, gap, missing, [keys[at] for at in selection.where[run]])
        return None
    flow = _flow(agreement, component, source, selection, run, position, stakes)
    is_alone = component.looks_back and component.accumulates == DEAL
    earned = rule.earn_alone(flow) if is_alone else rule.earn(flow)
    position.held = earned.held
    return Run(piece, source, selection, run.start, run.stop, earned, stakes)


def _flow(
    agreement: AgreementCase,
    component: Component,
    source: Source,
    selection: Selection,
    run: slice,
    position: _Position,
    stakes: Stakes,
) -> Flow:
    """The run as the rule sees it."""
    values, moves, start, scale, earlier = _numbers(selection, run, position)
    rule, attributes = component.sum, source.columns.attributes
    reads_days = isinstance(rule, ByActivity) and rule.reads_days
    reads_attributes = isinstance(rule, ByActivity) and rule.reads_attributes
    return Flow(
        values=values,
        moves=moves,
        start=start,
        scale=scale,
        quota=stakes.quota,
        failing=stakes.failing,
        held=position.held,
        days=selection.days[run] if reads_days else (),
        attributes=[attributes[at] for at in selection.where[run]] if reads_attributes else (),
        earlier=earlier,
        is_working_day=agreement.is_working_day,
        period_of=agreement.calendar.period_of,
    )


def _numbers(
    selection: Selection, run: slice, position: _Position
) -> tuple[list[int], list[int], int, int, list[tuple[date, int]]]:
    """Values, moves, start, scale and earlier moves, over a scale that keeps the position exact
    as well."""
    whole = run.start == 0 and run.stop == len(selection.values)
    values = selection.values if whole else selection.values[run]
    moves = values
    if selection.moves is not selection.values:
        moves = selection.moves[run]
    scale, earlier = selection.scale, position.earlier
    start = position.reached * scale if position.reached else position.reached
    if start.denominator != 1:
        # Another version measured in finer units.
        finer = start.denominator
        values = [value * finer for value in values]
        moves = values if moves is values else [move * finer for move in moves]
        start, scale = start * finer, scale * finer
        earlier = [(day, move * finer) for day, move in earlier]
    return values, moves, int(start), scale, earlier


def _move(position: _Position, component: Component, selection: Selection, run: slice) -> None:
    moves = selection.moves[run]
    position.reached += Fraction(sum(moves), selection.scale)
    if isinstance(component.sum, ByActivity) and component.sum.reads_days:
        position.earlier += zip(selection.days[run], moves, strict=True)
