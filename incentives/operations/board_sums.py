"""What everybody on a board did in a span, up to the moment that the board may know of.

Now it is a sum of day results. For a board that is frozen, or shown as it stood, what the day
results cannot tell is added up from the credits by the same sum.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from incentives.core.activity import Credit
from incentives.core.calendar import Period
from incentives.core.columns import as_micros, columns_of
from incentives.core.day_results import roll_up
from incentives.core.measures import POINTS, DayResult
from incentives.core.standings import MeasuredSpan
from incentives.operations.board_field import Field
from incentives.store import day_results, known_facts
from incentives.store.activities import credits_between
from incentives.store.base import from_millionths
from incentives.store.companies import Company
from incentives.store.day_results import DayValue
from incentives.store.exchange_rates import the_rates
from incentives.store.points_lines import points_known


@dataclass(frozen=True, slots=True)
class Cut:
    """Up to which moment a board looks: at what happened before one, and at what was known before
    another. None where nothing is cut off."""

    occurred_before: datetime | None = None
    known_before: datetime | None = None

    @property
    def last(self) -> datetime | None:
        """Nothing dated at or after this instant is looked at."""
        found = [each for each in (self.occurred_before, self.known_before) if each is not None]
        return min(found, default=None)


EVERYTHING = Cut()


def sums(
    field: Field, measures: Collection[str], span: Period, cut: Cut, company: Company
) -> dict[int, MeasuredSpan]:
    """What each entrant did, by measure; who did nothing is not in it."""
    found: dict[int, MeasuredSpan] = defaultdict(MeasuredSpan)
    if field.takes_all and cut.last is None:
        some = field.payee_ids if field.is_part else None
        totals = day_results.totals_by_payee(measures, span, some)
        for payee_id, measure, value, raised_at in totals:
            if payee_id in field.spells:
                found[payee_id].add(measure, value, raised_at)
        return dict(found)
    for result in days(field.payee_ids, measures, span, cut, company):
        entrant_id = field.entrant_of(result.payee_id, result.day)
        if entrant_id is not None:
            found[entrant_id].add(result.measure, result.value, result.raised_at)
    return dict(found)


def day_values(
    payee_ids: Collection[int],
    measures: Collection[str],
    span: Period,
    cut: Cut,
    company: Company,
) -> list[DayValue]:
    """The same as `days`, as whole numbers: a page asks for thousands of them."""
    if cut.last is None:
        return day_results.day_values(measures, span, payee_ids)
    return [
        DayValue(each.payee_id, each.measure, each.day, int(each.value.scaleb(6)))
        for each in days(payee_ids, measures, span, cut, company)
    ]


def days(
    payee_ids: Collection[int],
    measures: Collection[str],
    span: Period,
    cut: Cut,
    company: Company,
) -> list[DayResult]:
    """The day results of some payees, up to what the board may know of."""
    last = cut.last
    if last is None:
        return day_results.day_results(measures, span, payee_ids)
    calendar = company.calendar
    whole_days_end = calendar.day_of(last)
    if cut.known_before is not None:
        return _added_up(payee_ids, measures, span, cut, company)
    whole = _part(span, span.first_day, whole_days_end)
    broken = _part(span, whole_days_end, whole_days_end + timedelta(days=1))
    found = day_results.day_results(measures, whole, payee_ids) if whole else []
    if broken and calendar.start_of(whole_days_end) < last:
        found += _added_up(payee_ids, measures, broken, cut, company)
    return found


def _part(span: Period, first_day: date, end_day: date) -> Period | None:
    first, end = max(span.first_day, first_day), min(span.end_day, end_day)
    return Period(span.kind, span.key, first, end) if first < end else None


def _added_up(
    payee_ids: Collection[int],
    measures: Collection[str],
    span: Period,
    cut: Cut,
    company: Company,
) -> list[DayResult]:
    """From the credits and the ledger themselves."""
    start, end = company.calendar.span(span)
    last = cut.last
    assert last is not None, "only what is cut off is added up anew"
    if cut.known_before is None:
        credits = credits_between(payee_ids, start, min(end, last))
    else:
        before = cut.known_before
        credits = known_facts.credits_known(payee_ids, start, min(end, last), before=before)
    found = [result for result in _rolled_up(credits, company) if result.measure in measures]
    if POINTS in measures:
        found += _points(payee_ids, span, credits, cut, last, company)
    return found


def _rolled_up(credits: Iterable[tuple[int, Credit]], company: Company) -> Iterator[DayResult]:
    by_payee: dict[int, list[Credit]] = defaultdict(list)
    for payee_id, credit in credits:
        by_payee[payee_id].append(credit)
    rates = the_rates()
    for payee_id, own in by_payee.items():
        totals = roll_up(
            columns_of(own, company.calendar), (), company.calendar, company.currency, rates
        )
        for (measure, day), (value, raised_at) in totals.items():
            yield DayResult(payee_id, measure, day, from_millionths(value), raised_at)


def _points(
    payee_ids: Collection[int],
    span: Period,
    credits: Sequence[tuple[int, Credit]],
    cut: Cut,
    last: datetime,
    company: Company,
) -> Iterator[DayResult]:
    """As they stood in the ledger. Those for a whole period count when its last day begins."""
    held = points_known(payee_ids, before=cut.known_before)
    held = [each for each in held if each.day in span]
    moments = known_facts.moments_of({each.activity_id for each in held})
    moments |= {credit.activity_id: credit.occurred_at for _, credit in credits}
    for each in held:
        happened = moments.get(each.activity_id) or company.calendar.start_of(each.day)
        if happened < last:
            raised_at = as_micros(happened) if each.points > 0 else 0
            value = from_millionths(each.points * 1_000_000)
            yield DayResult(each.payee_id, POINTS, each.day, value, raised_at)
