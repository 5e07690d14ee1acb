"""What is done with all lines of a component together: budget, cap, taking back, floor."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from incentives.core.calendar import Period
from incentives.core.components import BEGUN, LENGTH, Component
from incentives.core.drafts import Drafts
from incentives.core.limits import cap_amount, clipped
from incentives.core.line_making import add_back, line_terms
from incentives.core.results import EARNED, FLOOR, NO_ACTIVITY, ResultLine
from incentives.core.scaled import round_half_up
from incentives.core.sources import AgreementCase, Missing
from incentives.core.stakes import Gaps, Stakes
from incentives.core.versions import ComponentSpan
from incentives.core.words import plain

_DAY = timedelta(days=1)


def use_budget(agreement: AgreementCase, pieces: Sequence[ComponentSpan], drafts: Drafts) -> None:
    """First come, first served until the budget of a SPIF is used up; then only the own lines."""
    component = pieces[-1].component
    if component.budget is not None:
        most = round_half_up(Fraction(component.budget) * agreement.factor(component))
        drafts.change(0, clipped(drafts.amounts, most), "before_budget")
    if drafts.owners:
        first_day, end_day = agreement.first_day, agreement.end_day
        drafts.keep(
            [
                owner == agreement.case.payee and first_day <= day < end_day
                for owner, day in zip(drafts.owners, drafts.days, strict=True)
            ]
        )


def cap_drafts(
    agreement: AgreementCase,
    pieces: Sequence[ComponentSpan],
    drafts: Drafts,
    gaps: Gaps,
) -> None:
    """Keep the running total of each period at or below the cap (semantics 10)."""
    if not any(piece.component.cap for piece in pieces):
        return
    start, unpaid = 0, set()
    while start < len(drafts):
        period = cap_period(
            agreement, _component_on(pieces, drafts.days[start]), drafts.days[start]
        )
        end = bisect_left(drafts.days, period.end_day, start)
        component = _component_on(pieces, drafts.days[end - 1])
        try:
            _cap_run(agreement, component, period, drafts, start, end)
        except Missing as missing:
            gaps.add(component, period, missing, drafts.periods[start:end])
            unpaid |= set(range(start, end))
        start = end
    if unpaid:
        drafts.keep([number not in unpaid for number in range(len(drafts))])


def _cap_run(
    agreement: AgreementCase,
    component: Component,
    period: Period,
    drafts: Drafts,
    start: int,
    end: int,
) -> None:
    """Cap the lines of one period. Where the quota grows with the pay periods begun, so does a cap
    that is a share of it; what was cut off before is not caught up. Raises Missing."""
    if not component.cap:
        return
    grows = "amount" not in component.cap and component.quota_span == BEGUN
    before = 0
    while start < end:
        stop = end
        if grows:
            pay_period = agreement.pay_period(drafts.days[start])
            stop = bisect_left(drafts.days, pay_period.end_day, start, end)
        amounts = drafts.amounts[start:stop]
        most = most_in(agreement, component, period, drafts.days[start])
        drafts.change(start, clipped(amounts, most, before=before), "before_cap")
        before += sum(amounts)
        start = stop


def cap_period(agreement: AgreementCase, component: Component, day: date) -> Period:
    """The period a cap holds for on a day."""
    return agreement.calendar.period_of(day, cap_kind(component, agreement.pays))


def cap_kind(component: Component, pays: str) -> str:
    """The kind of period a cap holds for: as it says, or the longer of accumulation and pay."""
    said = component.cap["per"] if component.cap else None
    if said is not None:
        return str(said)
    return component.accumulates if LENGTH[component.accumulates] > LENGTH[pays] else pays


def most_in(agreement: AgreementCase, component: Component, period: Period, day: date) -> int:
    """The cap of a period in whole units. Raises Missing."""
    assert component.cap is not None, "asked only where there is a cap"
    at = agreement.pay_period(day)
    quota = target = None
    if "of_quota" in component.cap:
        quota = agreement.quota(component.attainment_measure, period, at, component=component)
    if "of_target" in component.cap:
        target = agreement.target_incentive(component, period, at)
    most = cap_amount(component.cap, quota, target)
    if most is None:
        what, code = (
            ("quota", "quota_missing")
            if "of_quota" in component.cap
            else ("target incentive", "target_missing")
        )
        raise Missing(code, f"No {what} is set for {period.key}, so its cap is not known.")
    return round_half_up(most * agreement.factor(component))


def take_back(agreement: AgreementCase, drafts: Drafts) -> None:
    """A negative line for each deal that is taken back, together never more than was paid."""
    for number, all_taken in drafts.taken_back.items():
        left = drafts.amounts[number]
        for taken in all_taken:
            paid = left if taken.part is None else min(taken.part.amount, max(left, 0))
            left -= paid
            add_back(agreement, drafts, number, taken, paid)


def add_floors(
    agreement: AgreementCase,
    pieces: Sequence[ComponentSpan],
    drafts: Drafts,
    gaps: Gaps,
) -> None:
    """What is missing to the least that a pay period gives, even where nothing was sold."""
    if not any(piece.component.floor for piece in pieces):
        return
    totals: dict[str, int] = defaultdict(int)
    for key, aspect, amount in zip(drafts.periods, drafts.aspects, drafts.amounts, strict=True):
        totals[key] += amount if aspect == EARNED else 0
    source = agreement.source_of(pieces[-1].component)
    for period in agreement.pay_periods_begun(source):
        if period.first_day < agreement.first_day:
            continue
        end_day = min(period.end_day, agreement.end_day)
        piece = _piece_at_end(pieces, period.first_day, end_day)
        if piece is None or not piece.component.floor or period.key in gaps.waiting:
            continue
        least = Fraction(piece.component.floor["amount"]) * agreement.factor(piece.component)
        rest = round_half_up(least) - totals[period.key]
        if rest > 0:
            notes = {
                "floor": plain(piece.component.floor["amount"]),
                "earned": str(totals[period.key]),
            }
            drafts.back_lines.append(
                ResultLine(
                    line_terms(agreement, piece, Stakes(), [], 1, notes),
                    NO_ACTIVITY,
                    period.key,
                    FLOOR,
                    rest,
                    min(end_day, piece.end_day) - _DAY,
                    "",
                )
            )


def _component_on(pieces: Sequence[ComponentSpan], day: date) -> Component:
    for piece in pieces:
        if piece.first_day <= day < piece.end_day:
            return piece.component
    return pieces[-1].component


def _piece_at_end(
    pieces: Sequence[ComponentSpan], first_day: date, end_day: date
) -> ComponentSpan | None:
    """The version in force at the end of a payee's days [first_day, end_day)."""
    inside = [piece for piece in pieces if piece.first_day < end_day and first_day < piece.end_day]
    return inside[-1] if inside else None
