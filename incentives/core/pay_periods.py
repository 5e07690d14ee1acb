"""The pay periods of a payee on a plan, with the terms in force in each (semantics 4 and 18)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from incentives.core.calendar import ALWAYS, Calendar, Period
from incentives.core.cash import DealCash
from incentives.core.pay_terms import Terms
from incentives.core.plans import Agreement
from incentives.core.settlement import PayPeriod
from incentives.core.versions import VersionSpan, version_spans

# The pay period of what is earned without a plan, such as prizes.
MONTH = "month"


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted to a payee, in whole minor units, by key of the pay period.

    `on_deals` is the part of it that hangs on activities; `cash` what was received on those of them
    that are deals. What hangs on no deal with an amount is not held for cash.
    """

    earned: Mapping[str, int]
    on_deals: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    cash: Mapping[int, DealCash] = field(default_factory=dict)


def pay_periods(
    agreements: Iterable[Agreement],
    posted: Posted,
    *,
    calendar: Calendar,
    as_of: date,
    since: date | None = None,
    open_from: date = ALWAYS,
    pays: str = MONTH,
) -> list[PayPeriod]:
    """Every pay period of a payee on one plan up to that of `as_of`, in order and without a gap.

    They begin with the first in which something is posted or promised; or, where no balance can
    come from before, with that of `since`; or with `open_from`, what was before being locked. The
    terms are those of the version in force at the end of the pay period, or of the assignment in
    it. `pays` is how long they are for whom no assignment says so.
    """
    stays = [spans for spans in map(version_spans, _in_order(agreements)) if spans]
    any_locked = open_from > ALWAYS
    begins = since if since and not any_locked and not _has_balances(stays, posted) else None
    kind = stays[-1][-1].plan.pays if stays else pays
    known_from = open_from if any_locked else as_of
    periods = _periods(kind, stays, posted, calendar, begins, known_from, as_of)
    begun: Counter[int] = Counter()
    found = []
    for period in periods:
        stay = _stay_in(stays, period)
        terms = None
        if stay is not None:
            begun[stay] += 1
            terms = _terms(stays[stay], period, begun[stay])
        if period.first_day >= open_from:
            found.append(_pay_period(period, terms, posted))
    return found


def _in_order(agreements: Iterable[Agreement]) -> list[Agreement]:
    return sorted(agreements, key=lambda agreement: agreement.first_day)


def _has_balances(stays: Iterable[Sequence[VersionSpan]], posted: Posted) -> bool:
    """Whether anything may go on from one pay period into the next."""
    plans = (span.plan for spans in stays for span in spans)
    has_terms = any(plan.draw or plan.guarantee or plan.holdback for plan in plans)
    return has_terms or any(amount < 0 for amount in posted.earned.values())


def _periods(
    kind: str,
    stays: Sequence[Sequence[VersionSpan]],
    posted: Posted,
    calendar: Calendar,
    begins: date | None,
    known_from: date,
    as_of: date,
) -> list[Period]:
    last = as_of
    if begins is None:
        named = [_named(key, calendar).first_day for key in posted.earned]
        begins, last = min([*named, *_promised(stays), known_from]), max([*named, as_of])
    found = [calendar.period_of(begins, kind)]
    while found[-1].end_day <= last:
        found.append(calendar.after(found[-1]))
    return found


def _named(key: str, calendar: Calendar) -> Period:
    period = calendar.period_named(key)
    assert period is not None, "lines are posted in periods that exist"
    return period


def _promised(stays: Iterable[Sequence[VersionSpan]]) -> Iterator[date]:
    """The days, as far as they are known, from which something may be paid that nobody earned.

    A guarantee counts the pay periods of the assignment, also those of versions without one.
    """
    for spans in stays:
        if any(span.plan.guarantee for span in spans) and spans[0].first_day > ALWAYS:
            yield spans[0].first_day
        for span in spans:
            if span.plan.draw is not None:
                day = max(span.first_day, span.plan.draw.first_day or ALWAYS)
                if day > ALWAYS:
                    yield day


def _stay_in(stays: Sequence[Sequence[VersionSpan]], period: Period) -> int | None:
    """The last assignment that touches a pay period."""
    touching = [
        number
        for number, spans in enumerate(stays)
        if spans[0].first_day < period.end_day and period.first_day < spans[-1].end_day
    ]
    return touching[-1] if touching else None


def _terms(spans: Sequence[VersionSpan], period: Period, number: int) -> Terms:
    plan = [span.plan for span in spans if span.first_day < period.end_day][-1]
    return Terms(number, plan.draw, plan.guarantee, plan.holdback)


def _pay_period(period: Period, terms: Terms | None, posted: Posted) -> PayPeriod:
    return PayPeriod(
        key=period.key,
        first_day=period.first_day,
        earned=posted.earned.get(period.key, 0),
        terms=terms,
        on_deals={
            deal: amount
            for deal, amount in posted.on_deals.get(period.key, {}).items()
            if deal in posted.cash and posted.cash[deal].amount > 0
        },
        received={deal: cash.share_before(period.end_day) for deal, cash in posted.cash.items()},
    )
