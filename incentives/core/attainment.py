"""How far a payee came towards quota in each pay period (semantics 15)."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from incentives.core.calendar import Period
from incentives.core.case import Case
from incentives.core.columns import columns_of
from incentives.core.components import LENGTH
from incentives.core.sources import AgreementCase
from incentives.core.spans import spans_around
from incentives.core.versions import ComponentSpan, component_spans


@dataclass(frozen=True, slots=True)
class Attained:
    """The result of a component at the end of a pay period, over its span so far, and the quota.

    Where a component accumulates over less than a pay period, the span is the pay period. A week
    that lies in two months tells how the one ended and how the other began, where the payee was on
    the plan in both.
    """

    component: str
    period: str
    span: str
    result: Fraction
    quota: Fraction

    @property
    def attainment(self) -> Fraction:
        """Result ÷ quota, as a ratio."""
        return self.result / self.quota


def attained(case: Case) -> Iterator[Attained]:
    """One for each component, pay period begun and span of it that have a quota above 0."""
    own = columns_of(case.credits, case.calendar).one_for_each_activity()
    for each in case.agreements:
        agreement = AgreementCase(case, each, own)
        for period in agreement.pay_periods_begun(agreement.own):
            for key, pieces in component_spans(agreement.agreement).items():
                yield from _attained(agreement, key, pieces, period)


def _attained(
    agreement: AgreementCase, key: str, pieces: Sequence[ComponentSpan], period: Period
) -> Iterator[Attained]:
    inside = [
        piece
        for piece in pieces
        if piece.first_day < period.end_day and period.first_day < piece.end_day
    ]
    if not inside:
        return
    component = inside[-1].component
    shorter = LENGTH[component.accumulates] < LENGTH[agreement.pays]
    for span in [period] if shorter else spans_around(agreement, component, period):
        quota = agreement.quota(component.attainment_measure, span, period, component=component)
        if quota:
            result = _result(agreement, pieces, span, period)
            yield Attained(key, period.key, span.key, result, quota)


def _result(
    agreement: AgreementCase, pieces: Sequence[ComponentSpan], span: Period, period: Period
) -> Fraction:
    """What moved the position from the start of the span to the end of the pay period, each credit
    as its own version counts it."""
    total = Fraction(0)
    for piece in pieces:
        selection = agreement.source_of(piece.component).selection(piece.component)
        start = bisect_left(selection.days, max(span.first_day, piece.first_day))
        end_day = min(span.end_day, period.end_day, piece.end_day)
        end = bisect_left(selection.days, end_day)
        total += Fraction(sum(selection.moves[start:end]), selection.scale)
    return total
