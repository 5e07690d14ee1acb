"""Components that pay by period: one line for each pay period (semantics 7, 12 and 16)."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from incentives.core.calendar import Period
from incentives.core.components import DEAL, IN_PERIOD, LENGTH, POOL, Component
from incentives.core.rules import ByPeriod, Due, Reach
from incentives.core.sources import AgreementCase, Missing, Source
from incentives.core.stakes import Gaps, Stakes, stakes_in
from incentives.core.versions import ComponentSpan

_DAY = timedelta(days=1)


@dataclass(slots=True)
class PeriodPay:
    """What a component gives in a pay period, unrounded and before multiplier and gate.

    `due` explains it; `paid` is what earlier pay periods of the span gave, `rates` what each unit
    of the base of days [from, until) was paid. `at` is the index of the credit where each deal is
    paid by itself.
    """

    piece: ComponentSpan
    pay_period: Period
    day: date
    amount: Fraction
    due: Due
    paid: Fraction
    stakes: Stakes
    source: Source
    rates: Sequence[tuple[date, date, Fraction]] = ()
    at: int | None = None

    @property
    def has_credits(self) -> bool:
        """Whether anything that counts happened in this very pay period."""
        days = self.source.selection(self.piece.component).days
        run = _run_of_days(days, self.pay_period.first_day, self.pay_period.end_day)
        return bool(days[run])


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
                yield from _each_deal(agreement, piece, source, pay_period, gaps)
            continue
        found = _pay(agreement, pieces, inside[-1], source, pay_period, paid, gaps)
        if found is not None:
            yield found


def _pay(
    agreement: AgreementCase,
    pieces: Sequence[ComponentSpan],
    piece: ComponentSpan,
    source: Source,
    pay_period: Period,
    paid: dict[str, Fraction],
    gaps: Gaps,
) -> PeriodPay | None:
    """One pay period: what is due for its spans, less what was paid for them."""
    component = piece.component
    last_day = min(pay_period.end_day, piece.end_day) - _DAY
    total, before, stakes = Fraction(0), Fraction(0), Stakes()
    dues: list[Due] = []
    rates: list[tuple[date, date, Fraction]] = []
    for span in _spans(agreement, component, pay_period):
        try:
            stakes = stakes_in(agreement, component, span, pay_period, last_day, gaps)
            due, paid_at = _due(agreement, pieces, piece, source, span, pay_period, stakes, gaps)
        except Missing as missing:
            gap = pay_period if component.quota_grows(agreement.pays) else span
            end_day = min(span.end_day, last_day + _DAY)
            if _is_credited(source, pieces, span.first_day, end_day):
                gaps.add(component, gap, missing, [pay_period.key])
            continue
        dues.append(due)
        already = Fraction(0)
        if component.to_date != IN_PERIOD:
            already = paid.get(span.key, Fraction(0))
        given = due.amount - already
        if stakes.gate_holds:
            paid[span.key] = already + given
        total += given
        before += already
        first_day, end_day = _paid_for(agreement, component, span, pay_period)
        rates += [
            (max(part.first_day, first_day), min(part.end_day, end_day), rate)
            for part, rate in paid_at
            if rate is not None
        ]
    if not dues:
        return None
    due = _together(dues) if _is_longer(agreement, component) and len(dues) > 1 else dues[-1]
    return PeriodPay(piece, pay_period, last_day, total, due, before, stakes, source, rates)


def _spans(agreement: AgreementCase, component: Component, pay_period: Period) -> list[Period]:
    """The spans paid in a pay period: the one it lies in, or the shorter ones that begin in it.

    A week may lie in two months: the rest of the one is paid with the beginning of the other.
    """
    parts = agreement.calendar.parts(pay_period, component.accumulates)
    if not _is_longer(agreement, component):
        return [part for part in parts if part.first_day in pay_period]
    if len(parts) == 1 or component.credited == POOL:
        return parts
    first_day, end_day = agreement.first_day, agreement.end_day
    return [part for part in parts if part.first_day < end_day and first_day < part.end_day]


def _is_longer(agreement: AgreementCase, component: Component) -> bool:
    """Whether results add up over a pay period or longer."""
    return LENGTH[component.accumulates] >= LENGTH[agreement.pays]


def _paid_for(
    agreement: AgreementCase, component: Component, span: Period, pay_period: Period
) -> tuple[date, date]:
    """The days [first, end) of a span whose credits are paid in a pay period."""
    if not _is_longer(agreement, component):
        return span.first_day, span.end_day
    return max(span.first_day, pay_period.first_day), min(span.end_day, pay_period.end_day)


def _due(
    agreement: AgreementCase,
    pieces: Sequence[ComponentSpan],
    piece: ComponentSpan,
    source: Source,
    span: Period,
    pay_period: Period,
    stakes: Stakes,
    gaps: Gaps,
) -> tuple[Due, list[tuple[ComponentSpan, Fraction | None]]]:
    """What is due for a span up to the end of the pay period, and the rate of what each version
    paid, where there is one. Raises Missing.
    """
    component = piece.component
    paid_from, paid_until = _paid_for(agreement, component, span, pay_period)
    until = paid_until
    first_day = paid_from if component.to_date == IN_PERIOD else span.first_day
    reached = _total(source, pieces, span.first_day, until, moves=True)

    def reach(parts: Sequence[ComponentSpan], stakes: Stakes) -> Reach:
        begin = max(first_day, parts[0].first_day)
        return Reach(
            reached=reached,
            base=_total(source, parts, first_day, until),
            quota=stakes.quota,
            start=_total(source, pieces, span.first_day, begin, moves=True),
            moved=_total(source, parts, first_day, until, moves=True),
            failing=stakes.failing,
            target_incentive=stakes.target_incentive,
            achievements=agreement.achievement_in(component, span, pay_period, until),
        )

    rule = component.sum
    assert isinstance(rule, ByPeriod), "asked only where the rule pays by period"
    if not rule.pays_each_version:
        found = reach(pieces, stakes)
        return rule.due(found), [(part, rule.rate_paid(found)) for part in pieces]
    dues, paid_at = [], []
    for part in pieces:
        part_rule = part.component.sum
        inside = part.first_day < until and part.end_day > first_day
        if not inside or not isinstance(part_rule, ByPeriod):
            continue
        if part is piece or _is_credited(source, [part], first_day, until):
            terms = stakes_in(
                agreement, part.component, span, pay_period, pay_period.last_day, gaps
            )
            found = reach([part], terms)
            dues.append(part_rule.due(found))
            paid_at.append((part, part_rule.rate_paid(found)))
    return (dues[0] if len(dues) == 1 else _together(dues)), paid_at


def _is_credited(
    source: Source, pieces: Sequence[ComponentSpan], first_day: date, end_day: date
) -> bool:
    """Whether anything counts on days [first_day, end_day), by its own version."""
    return any(
        source.selection(piece.component).days[
            _run_of_days(
                source.selection(piece.component).days,
                max(first_day, piece.first_day),
                min(end_day, piece.end_day),
            )
        ]
        for piece in pieces
    )


def _total(
    source: Source,
    pieces: Sequence[ComponentSpan],
    first_day: date,
    end_day: date,
    *,
    moves: bool = False,
) -> Fraction:
    """What the credits of days [first_day, end_day) come to, each by its own version."""
    total = Fraction(0)
    for piece in pieces:
        selection = source.selection(piece.component)
        run = _run_of_days(
            selection.days, max(first_day, piece.first_day), min(end_day, piece.end_day)
        )
        column = selection.moves if moves else selection.values
        total += Fraction(sum(column[run]), selection.scale)
    return total


def _run_of_days(days: Sequence[date], first_day: date, end_day: date) -> slice:
    start = bisect_left(days, first_day)
    return slice(start, max(start, bisect_left(days, end_day)))


def _together(dues: Sequence[Due]) -> Due:
    """Several versions' parts of one line; their tables stand one below the other."""
    together = Due(Fraction(0), [], [])
    rows: list[dict[str, str]] = []
    for due in dues:
        together.amount += due.amount
        together.slices += [(len(rows) + row, base) for row, base in due.slices]
        together.notes |= due.notes
        rows += [dict(row) for row in due.rows]
    together.rows = rows
    return together


def _each_deal(
    agreement: AgreementCase,
    piece: ComponentSpan,
    source: Source,
    pay_period: Period,
    gaps: Gaps,
) -> Iterator[PeriodPay]:
    """Each deal is a span of its own."""
    component, selection = piece.component, source.selection(piece.component)
    run = _run_of_days(
        selection.days,
        max(piece.first_day, pay_period.first_day),
        min(piece.end_day, pay_period.end_day),
    )
    for number in range(run.start, run.stop):
        day = selection.days[number]
        try:
            stakes = stakes_in(agreement, component, pay_period, pay_period, day, gaps)
        except Missing as missing:
            gaps.add(component, pay_period, missing, [pay_period.key])
            return
        rule = component.sum
        assert isinstance(rule, ByPeriod), "asked only where the rule pays by period"
        reach = Reach(
            reached=Fraction(selection.moves[number], selection.scale),
            base=Fraction(selection.values[number], selection.scale),
            quota=stakes.quota,
            failing=stakes.failing,
            target_incentive=stakes.target_incentive,
        )
        due = rule.due(reach)
        yield PeriodPay(
            piece,
            pay_period,
            day,
            due.amount,
            due,
            Fraction(0),
            stakes,
            source,
            at=selection.where[number],
        )
