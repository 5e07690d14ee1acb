"""What a pay period gives for one span of a component, before it is rounded (semantics 12, 16).

Mostly there is one: the month that is paid, or the year it lies in. A week may lie in two months,
and a quarter has three.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from incentives.core.calendar import Period
from incentives.core.components import IN_PERIOD, LENGTH, Component
from incentives.core.rules import ByPeriod, Due, Reach
from incentives.core.sources import AgreementCase, Source
from incentives.core.span_totals import is_credited, total
from incentives.core.stakes import Gaps, Stakes, stakes_in
from incentives.core.versions import ComponentSpan
from incentives.core.words import plain
from incentives.core.working import ROWS

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class UnitPaid:
    """What each unit of the base of days [first_day, end_day) was paid: how much of it by which
    rows of what was due."""

    first_day: date
    end_day: date
    parts: Sequence[tuple[int, Fraction]]
    due: Due
    stakes: Stakes

    def slices(self, base: Fraction) -> list[tuple[int, Fraction]]:
        return [(row, base * part) for row, part in self.parts]

    def paid(self, base: Fraction) -> Fraction:
        """What was paid for so much of the base, with gate and multiplier, unrounded."""
        found = Fraction(0)
        for row, inside in self.slices(base):
            pays = self.due.rows[row - 1]
            found += inside * Fraction(pays["rate"] if "rate" in pays else pays["amount"])
        return found * self.stakes.times


@dataclass(frozen=True, slots=True)
class Asked:
    """A pay period of a component, through all of its `pieces`; `piece` is the version at its
    end."""

    agreement: AgreementCase
    pieces: Sequence[ComponentSpan]
    piece: ComponentSpan
    source: Source
    pay_period: Period
    gaps: Gaps

    @property
    def component(self) -> Component:
        return self.piece.component

    @property
    def last_day(self) -> date:
        """The last day on which the version holds, and the payee is assigned."""
        return min(self.pay_period.end_day, self.piece.end_day) - _DAY

    @property
    def is_longer(self) -> bool:
        """Whether results add up over a pay period or longer."""
        return LENGTH[self.component.accumulates] >= LENGTH[self.agreement.pays]

    def paid_for(self, span: Period) -> tuple[date, date]:
        """The days [first, end) of a span whose credits are paid in the pay period."""
        if not self.is_longer:
            return span.first_day, span.end_day
        period = self.pay_period
        return max(span.first_day, period.first_day), min(span.end_day, period.end_day)

    def judged_on(self, span: Period) -> date:
        """The last of these days: the spans of tests are those in which it lies."""
        return min(self.last_day, self.paid_for(span)[1] - _DAY)


@dataclass(frozen=True, slots=True)
class Part:
    """`given` is what is due less what was `paid` before, `amount` what gate and multiplier leave
    of it; `units` is what each deal of it was paid."""

    span: Period
    due: Due
    paid: Fraction
    stakes: Stakes
    units: Sequence[UnitPaid]

    @property
    def given(self) -> Fraction:
        return self.due.amount - self.paid

    @property
    def amount(self) -> Fraction:
        return self.given * self.stakes.times

    @property
    def notes(self) -> dict[str, str]:
        """What explains the part beside its slices and terms."""
        if not self.paid:
            return self.due.notes
        before = {"due_to_date": plain(self.due.amount), "paid_before": plain(self.paid)}
        return {**self.due.notes, **before}

    def told(self) -> dict[str, Any]:
        """The part in the working of a line of several: all that paid it, and `rows`, how many of
        the line's table are its own."""
        terms = {name: said for name, said in self.stakes.working.items() if name != "multiplier"}
        return {
            "span": self.span.key,
            ROWS: str(len(self.due.rows)),
            **terms,
            **self.notes,
            "given": plain(self.given),
            "times": plain(self.stakes.times),
        }


def part_of(asked: Asked, span: Period, paid: Mapping[str, Fraction]) -> Part:
    """What the pay period gives for a span; `paid` is what was before, by span. Raises Missing."""
    stakes = stakes_in(
        asked.agreement, asked.component, span, asked.pay_period, asked.judged_on(span), asked.gaps
    )
    due, paid_by = _due(asked, span, stakes)
    before = Fraction(0)
    if asked.component.to_date != IN_PERIOD:
        before = paid.get(span.key, before)
    first_day, end_day = asked.paid_for(span)
    units = [
        UnitPaid(
            max(piece.first_day, first_day), min(piece.end_day, end_day), parts, its_due, stakes
        )
        for piece, its_due, parts in paid_by
        if parts is not None
    ]
    return Part(span, due, before, stakes, units)


# A version, what is due by it, and what a unit of it is paid.
_PaidBy = tuple[ComponentSpan, Due, list[tuple[int, Fraction]] | None]


def _due(asked: Asked, span: Period, stakes: Stakes) -> tuple[Due, list[_PaidBy]]:
    """What is due for a span up to the end of the pay period, in all and by each version. Raises
    Missing."""
    paid_from, until = asked.paid_for(span)
    first_day = paid_from if asked.component.to_date == IN_PERIOD else span.first_day
    rule = asked.component.sum
    assert isinstance(rule, ByPeriod), "asked only where the rule pays by period"
    if not rule.pays_each_version:
        found = _reach(asked, span, asked.pieces, stakes, first_day, until)
        due, parts = rule.due(found), rule.unit_paid(found)
        return due, [(piece, due, parts) for piece in asked.pieces]
    paid_by: list[_PaidBy] = []
    for piece in asked.pieces:
        its_rule = piece.component.sum
        inside = piece.first_day < until and piece.end_day > first_day
        if not inside or not isinstance(its_rule, ByPeriod):
            continue
        if piece is asked.piece or is_credited(asked.source, [piece], first_day, until):
            terms = stakes_in(
                asked.agreement,
                piece.component,
                span,
                asked.pay_period,
                asked.judged_on(span),
                asked.gaps,
            )
            found = _reach(asked, span, [piece], terms, first_day, until)
            paid_by.append((piece, its_rule.due(found), its_rule.unit_paid(found)))
    dues = [due for _, due, _ in paid_by]
    return (dues[0] if len(dues) == 1 else together(dues)), paid_by


def _reach(
    asked: Asked,
    span: Period,
    pieces: Sequence[ComponentSpan],
    stakes: Stakes,
    first_day: date,
    until: date,
) -> Reach:
    """How far the payee came in a span, of which days [first_day, until) of `pieces` are paid."""
    source, every = asked.source, asked.pieces
    begin = max(first_day, pieces[0].first_day)
    return Reach(
        reached=total(source, every, span.first_day, until, moves=True),
        base=total(source, pieces, first_day, until),
        quota=stakes.quota,
        start=total(source, every, span.first_day, begin, moves=True),
        moved=total(source, pieces, first_day, until, moves=True),
        failing=stakes.failing,
        target_incentive=stakes.target_incentive,
        achievements=asked.agreement.achievement_in(asked.component, span, asked.pay_period, until),
    )


def together(dues: Sequence[Due]) -> Due:
    """Several parts of one line; their tables stand one below the other."""
    found = Due(Fraction(0), [], [])
    rows: list[dict[str, str]] = []
    for due in dues:
        found.amount += due.amount
        found.slices += [(len(rows) + row, base) for row, base in due.slices]
        found.notes |= due.notes
        rows += [dict(row) for row in due.rows]
    found.rows = rows
    return found
