"""Components that pay by period: one line for each pay period (semantics 7, 12 and 16)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from incentives.core.calendar import Period
from incentives.core.components import DEAL, POOL
from incentives.core.period_parts import Asked, Part, UnitPaid, part_of, together
from incentives.core.rules import ByPeriod, Due, Reach
from incentives.core.sources import AgreementCase, Missing, Source
from incentives.core.span_totals import is_credited, run_of_days
from incentives.core.spans import spans_around, spans_begun
from incentives.core.stakes import Gaps, Stakes, stakes_in
from incentives.core.versions import ComponentSpan
from incentives.core.working import PARTS


@dataclass(slots=True)
class PeriodPay:
    """What a component gives in a pay period, unrounded, with gate and multiplier.

    `due` and `notes` explain it, `units` is what each unit of the base was paid. `at` is the index
    of the credit where each deal is paid by itself.
    """

    piece: ComponentSpan
    pay_period: Period
    day: date
    amount: Fraction
    due: Due
    notes: Mapping[str, str]
    stakes: Stakes
    source: Source
    units: Sequence[UnitPaid] = ()
    at: int | None = None

    @property
    def has_credits(self) -> bool:
        """Whether anything that counts happened in this very pay period."""
        days = self.source.selection(self.piece.component).days
        return bool(days[run_of_days(days, self.pay_period.first_day, self.pay_period.end_day)])


def earn_by_period(
    agreement: AgreementCase,
    pieces: Sequence[ComponentSpan],
    gaps: Gaps,
) -> Iterator[PeriodPay]:
    """What a component pays in each pay period begun, through all its versions."""
    if not any(piece.component.pays_by_period for piece in pieces):
        return
    source = agreement.source_of(pieces[-1].component)
    paid: dict[str, Fraction] = {}
    of_team = pieces[-1].component.credited == POOL
    for pay_period in agreement.pay_periods_begun(source, of_team=of_team):
        inside = [
            piece
            for piece in pieces
            if piece.first_day < pay_period.end_day and pay_period.first_day < piece.end_day
        ]
        # The version in force at the end of the pay period, or of the assignment in it.
        if not inside or not isinstance(inside[-1].component.sum, ByPeriod):
            continue
        if inside[-1].component.accumulates == DEAL:
            for piece in inside:
                yield from _each_deal(Asked(agreement, pieces, piece, source, pay_period, gaps))
            continue
        found = _pay(Asked(agreement, pieces, inside[-1], source, pay_period, gaps), paid)
        if found is not None:
            yield found


def _pay(asked: Asked, paid: dict[str, Fraction]) -> PeriodPay | None:
    """One pay period: what is due for its spans, less what was `paid` for them, by span."""
    parts = []
    for span in _spans(asked):
        try:
            part = part_of(asked, span, paid)
        except Missing as missing:
            _wait(asked, span, missing)
            continue
        parts.append(part)
        if part.stakes.gate_holds:
            paid[span.key] = part.paid + part.given
    if not parts:
        return None
    return PeriodPay(
        asked.piece,
        asked.pay_period,
        asked.last_day,
        sum((part.amount for part in parts), Fraction(0)),
        *_explained(asked, parts),
        asked.source,
        [unit for part in parts for unit in part.units],
    )


def _spans(asked: Asked) -> list[Period]:
    """The spans paid in a pay period: those it lies in, or the shorter ones that begin in it.

    A week may lie in two months: the rest of the one is paid with the beginning of the other.
    """
    if asked.is_longer:
        return spans_around(asked.agreement, asked.component, asked.pay_period)
    return spans_begun(asked.agreement, asked.component, asked.pay_period)


def _wait(asked: Asked, span: Period, missing: Missing) -> None:
    """A span cannot be paid yet; that is told where something was credited in it."""
    grows = asked.component.quota_grows(asked.agreement.pays)
    end_day = min(span.end_day, asked.pay_period.end_day, asked.piece.end_day)
    if is_credited(asked.source, asked.pieces, span.first_day, end_day):
        gap = asked.pay_period if grows else span
        asked.gaps.add(asked.component, gap, missing, [asked.pay_period.key])


def _explained(asked: Asked, parts: Sequence[Part]) -> tuple[Due, Mapping[str, str], Stakes]:
    """What explains the line, with notes and terms: of several parts each by itself.

    Of shorter spans that were judged alike, the last stands for all.
    """
    last = parts[-1]
    alike = all(part.stakes.times == last.stakes.times for part in parts)
    if len(parts) == 1 or (alike and not asked.is_longer):
        return last.due, last.notes, last.stakes
    due = together([part.due for part in parts])
    return due, {}, replace(last.stakes, working={PARTS: [part.told() for part in parts]})


def _each_deal(asked: Asked) -> Iterator[PeriodPay]:
    """Each deal of the version is a span of its own."""
    piece, pay_period = asked.piece, asked.pay_period
    days = asked.source.selection(piece.component).days
    run = run_of_days(
        days,
        max(piece.first_day, pay_period.first_day),
        min(piece.end_day, pay_period.end_day),
    )
    for number in range(run.start, run.stop):
        try:
            paid = _deal(asked, number, days[number])
        except Missing as missing:
            asked.gaps.add(piece.component, pay_period, missing, [pay_period.key])
            return
        yield paid


def _deal(asked: Asked, number: int, day: date) -> PeriodPay:
    """What deal `number` of the selection gives. Raises Missing."""
    component, pay_period = asked.component, asked.pay_period
    stakes = stakes_in(asked.agreement, component, pay_period, pay_period, day, asked.gaps)
    selection, rule = asked.source.selection(component), component.sum
    assert isinstance(rule, ByPeriod), "asked only where the rule pays by period"
    due = rule.due(
        Reach(
            reached=Fraction(selection.moves[number], selection.scale),
            base=Fraction(selection.values[number], selection.scale),
            quota=stakes.quota,
            failing=stakes.failing,
            target_incentive=stakes.target_incentive,
        )
    )
    amount = due.amount * stakes.times
    return PeriodPay(
        asked.piece,
        pay_period,
        day,
        amount,
        due,
        due.notes,
        stakes,
        asked.source,
        at=selection.where[number],
    )
