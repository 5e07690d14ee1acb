"""Read how what payees earned became what they are paid (semantics 10, 18 and 20)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from incentives.core.calendar import Calendar
from incentives.core.cash import Cash, CashBook, DealCash, DealKey
from incentives.core.pay_periods import MONTH, Posted, pay_periods
from incentives.core.pay_terms import describe_draw, describe_guarantee, describe_holdback
from incentives.core.plans import Agreement, Plan
from incentives.core.posting import OpenPeriods
from incentives.core.settlement import settle_and_carry
from incentives.extensions import db
from incentives.operations.accounts import Account
from incentives.operations.locked_months import accounts_before, months_among
from incentives.store import pay_sums, plans
from incentives.store.activities import activities_by_id
from incentives.store.deal_cash import cash_credited_to
from incentives.store.locks import locks_of

# A payee's plan, 0 for prizes, and currency.
_Key = tuple[int, int, str]


def read_accounts(
    payee_ids: Collection[int] | None,
    *,
    calendar: Calendar,
    as_of: date,
    since: date | None = None,
    ended_by: date = date.max,
) -> list[Account]:
    """The accounts of some payees, or of everybody, settled up to a day: as they were frozen in
    locked months, and from there on by what is posted and agreed now.

    Who asks only for what is paid `since` a day is answered sooner. With `ended_by`, pay periods
    that go on after that day are left out.
    """
    agreements = plans.agreements_by_plan(payee_ids)
    posted = _posted(agreements, calendar, payee_ids)
    locks = locks_of(db.session())
    months = months_among(locks, calendar)
    asked = [month.key for month in months[:-1] if since is None or since <= month.last_day]
    frozen = accounts_before([*asked, *(month.key for month in months[-1:])], payee_ids)
    periods = _Periods(calendar, OpenPeriods(calendar, locks), as_of, since, ended_by)
    return [
        _settled(key, agreements.get(key[:2], []), posted.get(key), frozen.get(key), periods)
        for key in sorted(posted.keys() | _promised(agreements) | frozen.keys())
    ]


class _Periods(NamedTuple):
    """Which pay periods are asked for, and which of them are open."""

    calendar: Calendar
    open: OpenPeriods
    as_of: date
    since: date | None
    ended_by: date

    def has_ended(self, key: str) -> bool:
        period = self.calendar.period_named(key)
        return period is not None and period.end_day <= self.ended_by


def _promised(agreements: Mapping[tuple[int, int], Sequence[Agreement]]) -> set[_Key]:
    """The accounts on which something may be paid though nothing was earned yet."""
    plans_of = {key: _newest(found) for key, found in agreements.items()}
    return {
        (*key, plan.currency)
        for key, plan in plans_of.items()
        if plan.draw is not None or plan.guarantee is not None
    }


def _newest(agreements: Sequence[Agreement]) -> Plan:
    return agreements[-1].versions[-1].plan


def _posted(
    agreements: Mapping[tuple[int, int], Sequence[Agreement]],
    calendar: Calendar,
    payee_ids: Collection[int] | None,
) -> dict[_Key, Posted]:
    earned: dict[_Key, dict[str, int]] = defaultdict(dict)
    for row in pay_sums.by_period(payee_ids):
        earned[row.payee_id, row.plan_id, row.currency][row.period] = row.amount_minor
    waiting = {key for key, found in agreements.items() if _waits_for_cash(found)}
    on_deals = _on_deals(waiting)
    cash = _cash(on_deals, agreements, calendar)
    return {
        key: Posted(periods, on_deals.get(key, {}), cash.get(key[:2], {}))
        for key, periods in earned.items()
    }


def _waits_for_cash(agreements: Iterable[Agreement]) -> bool:
    return any(
        version.plan.holdback is not None and version.plan.holdback.waits_for_cash
        for agreement in agreements
        for version in agreement.versions
    )


_OnDeals = dict[_Key, dict[str, Counter[int]]]


def _on_deals(waiting: Collection[tuple[int, int]]) -> _OnDeals:
    """What was earned on each activity, by account and pay period."""
    found: _OnDeals = {}
    for row in pay_sums.by_activity({payee_id for payee_id, _ in waiting}):
        if (row.payee_id, row.plan_id) in waiting:
            key = (row.payee_id, row.plan_id, row.currency)
            by_period = found.setdefault(key, defaultdict(Counter))
            by_period[row.period][row.activity_id] += row.amount_minor
    return found


def _cash(
    on_deals: _OnDeals,
    agreements: Mapping[tuple[int, int], Sequence[Agreement]],
    calendar: Calendar,
) -> dict[tuple[int, int], dict[int, DealCash]]:
    """What was received on the deals of a payee's plan, by activity."""
    deals = activities_by_id(
        deal for periods in on_deals.values() for part in periods.values() for deal in part
    )
    received: dict[DealKey, list[Cash]] = defaultdict(list)
    for stored in cash_credited_to(db.session(), {payee_id for payee_id, *_ in on_deals}):
        received[stored.deal].append(stored.cash)
    locks = locks_of(db.session())
    found: dict[tuple[int, int], dict[int, DealCash]] = {}
    for (payee_id, plan_id, _), periods in on_deals.items():
        book = CashBook(calendar, _newest(agreements[payee_id, plan_id]).pays, locks)
        found[payee_id, plan_id] = {
            deal.id: book.of_deal(
                deal.amount or Decimal(0),
                deal.currency,
                received[deal.source, deal.external_id],
            )
            for part in periods.values()
            for deal in map(deals.__getitem__, part)
        }
    return found


def _settled(
    key: _Key,
    agreements: Sequence[Agreement],
    posted: Posted | None,
    frozen: Account | None,
    asked: _Periods,
) -> Account:
    payee_id, plan_id, currency = key
    plan = _newest(agreements) if agreements else None
    before = frozen or Account(payee_id, plan_id, "", currency, MONTH, (), ())
    pays = plan.pays if plan else before.pays
    periods = pay_periods(
        agreements,
        posted or Posted({}),
        calendar=asked.calendar,
        as_of=asked.as_of,
        since=asked.since,
        open_from=asked.open.open_from(pays),
        pays=pays,
    )
    ended = [period for period in periods if asked.has_ended(period.key)]
    settlements, carried = settle_and_carry(ended, currency, before.carried)
    return Account(
        payee_id=payee_id,
        plan_id=plan_id,
        plan=plan.name if plan else before.plan,
        currency=currency,
        pays=pays,
        terms=tuple(_terms(agreements, asked.as_of)),
        settlements=(*before.settlements, *settlements),
        carried=carried,
    )


def _terms(agreements: Sequence[Agreement], as_of: date) -> Iterator[str]:
    versions = [version for each in agreements if (version := each.version_on(as_of))]
    for plan in (version.plan for version in versions[-1:]):
        if plan.holdback is not None:
            yield describe_holdback(plan.holdback)
        if plan.guarantee is not None:
            yield describe_guarantee(plan.guarantee, plan.currency)
        if plan.draw is not None:
            yield describe_draw(plan.draw, plan.currency)
