"""A plan on a company in memory: what is posted between locks, and what is paid in the end."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from incentives.core.activity import Activity, Share
from incentives.core.calendar import Calendar
from incentives.core.company_case import Company, cases_at
from incentives.core.history import Fact, History
from incentives.core.plans import read_plan
from incentives.core.roster import Roster, Stay
from incentives.core.simulate import simulate

CALENDAR = Calendar(ZoneInfo("UTC"))
TEN_PERCENT = {
    "key": "commission",
    "name": "Commission",
    "yields": "money",
    "measure": "revenue",
    "rule": {"kind": "flat_rate", "rate": "0.10"},
}
TIERS = {
    **TEN_PERCENT,
    "accumulates": "year",
    "rule": {
        "kind": "marginal_rate",
        "tiers_by": "amount",
        "tiers": [{"up_to": "1000", "rate": "0.05"}, {"rate": "0.10"}],
    },
}


def on(month, day):
    return datetime(2026, month, day, tzinfo=UTC)


FEBRUARY, MARCH, APRIL, MAY = on(2, 1), on(3, 1), on(4, 1), on(5, 1)


def plan(*components, **terms):
    document = {"schema": 1, "name": "Field", "currency": "USD", "components": list(components)}
    return read_plan(document | terms)


def deal(name, amount, occurred_at, *shares, received_at=None, **said):
    activity = Activity(
        source="file",
        external_id=name,
        kind="deal_won",
        shares=shares or (Share("ana"),),
        occurred_at=occurred_at,
        amount=Decimal(amount),
        currency="USD",
        **said,
    )
    return Fact(activity, received_at or occurred_at)


def reversal(fact, received_at):
    return Fact(replace(fact.activity, reversed=True), received_at)


def company(the_plan, facts, *stays, **said):
    roster = Roster(stays or [Stay(2, "ana"), Stay(3, "bo")])
    return Company(the_plan, CALENDAR, roster, History(facts), **said)


def lines(statement):
    """Period, origin, activity, amount and reason of each line."""
    return [
        (
            line.draft.period,
            line.draft.subject.origin,
            line.draft.subject.activity_id,
            line.draft.amount,
            line.draft.reason,
        )
        for line in statement.lines
    ]


def test_without_locks_everything_is_posted_where_it_belongs():
    facts = [deal("D1", 1000, on(1, 5)), deal("D2", 500, on(2, 5), received_at=on(3, 9))]
    ana, bo = simulate(company(plan(TEN_PERCENT), facts), {}, APRIL)
    assert lines(ana) == [
        ("2026-01", "2026-01", 1, 10000, "earned"),
        ("2026-02", "2026-02", 2, 5000, "earned"),
    ]
    assert lines(bo) == []


def test_a_late_deal_of_a_locked_month_is_posted_in_the_next_and_moves_the_slices_there():
    # 1,000 at 5 % and then 10 %: D1 takes 800 at 5 %, and D2 200 at 5 % and 300 at 10 % = 40.00.
    # D0 is older: 600 at 5 % = 30.00. Now D1 has 400 at 5 % and 400 at 10 % = 60.00, 20.00 more,
    # and D2 500 at 10 % = 50.00, 10.00 more.
    facts = [
        deal("D1", 800, on(1, 5)),
        deal("D2", 500, on(2, 5)),
        deal("D0", 600, on(1, 2), received_at=on(2, 20)),
    ]
    ana, _ = simulate(company(plan(TIERS), facts), {"2026-01": FEBRUARY}, MARCH)
    assert lines(ana) == [
        ("2026-01", "2026-01", 1, 4000, "earned"),
        ("2026-02", "2026-01", 1, 2000, "recalculated"),
        ("2026-02", "2026-01", 3, 3000, "late"),
        ("2026-02", "2026-02", 2, 5000, "earned"),
    ]


def test_a_lock_in_the_past_of_a_later_one_is_posted_before_it():
    facts = [deal("D1", 1000, on(1, 5), received_at=on(2, 10))]
    locks = {"2026-02": MARCH, "2026-01": FEBRUARY}
    ana, _ = simulate(company(plan(TEN_PERCENT), facts), locks, APRIL)
    assert lines(ana) == [("2026-02", "2026-01", 1, 10000, "late")]


def test_a_deal_cancelled_after_its_lock_is_taken_back_in_the_month_in_which_we_learn_of_it():
    first = deal("D1", 1000, on(1, 5))
    facts = [first, reversal(first, on(3, 10))]
    the_plan = plan(TEN_PERCENT, claw_back={"policy": "at_rate_paid"})
    ana, _ = simulate(company(the_plan, facts), {"2026-01": FEBRUARY}, APRIL)
    assert lines(ana) == [
        ("2026-01", "2026-01", 1, 10000, "earned"),
        ("2026-03", "2026-03", 1, -10000, "taken_back"),
    ]
    assert [(s.period, s.payout, s.carried.closing) for s in ana.settlements] == [
        ("2026-01", 10000, 0),
        ("2026-02", 0, 0),
        ("2026-03", 0, -10000),
    ]


def test_a_deal_cancelled_before_the_lock_was_never_made():
    first = deal("D1", 1000, on(1, 5))
    ana, _ = simulate(
        company(plan(TEN_PERCENT), [first, reversal(first, on(1, 20))]), {"2026-01": FEBRUARY}, MAY
    )
    assert sum(line.draft.amount for line in ana.lines) == 0


def test_what_is_held_back_is_released_with_the_cash():
    cash = Activity(
        source="file",
        external_id="C1",
        kind="cash_received",
        shares=(),
        occurred_at=on(3, 5),
        amount=Decimal(400),
        currency="USD",
        attributes={"deal": "D1"},
    )
    the_plan = plan(TEN_PERCENT, holdback={"percent": "50", "released": {"with": "cash"}})
    facts = [deal("D1", 1000, on(1, 5)), Fact(cash, on(3, 5))]
    ana, _ = simulate(company(the_plan, facts), {}, APRIL)
    # 100.00 earned, 50.00 of it held; 400 of 1,000 received releases 20.00.
    assert [(s.period, s.payout, s.on_hold.closing) for s in ana.settlements] == [
        ("2026-01", 5000, 5000),
        ("2026-02", 0, 5000),
        ("2026-03", 2000, 3000),
    ]


def test_attainment_is_told_for_each_pay_period():
    goals = {1: {("revenue", "2026-Q1"): Decimal(2000)}}
    facts = [deal("D1", 500, on(1, 5)), deal("D2", 600, on(3, 5))]
    component = {**TIERS, "accumulates": "quarter", "quota_span": "whole"}
    ana, _ = simulate(company(plan(component), facts, quotas=goals), {}, APRIL)
    assert [(each.period, each.span, each.attainment) for each in ana.attained] == [
        ("2026-01", "2026-Q1", Decimal("0.25")),
        ("2026-02", "2026-Q1", Decimal("0.25")),
        ("2026-03", "2026-Q1", Decimal("0.55")),
    ]


def test_a_week_in_two_months_tells_how_the_one_ended_and_the_other_began():
    goals = {1: {("revenue", "2026-01"): Decimal(1000), ("revenue", "2026-02"): Decimal(1000)}}
    facts = [deal("D1", 800, on(1, 20)), deal("D2", 400, on(1, 29)), deal("D3", 100, on(2, 1))]
    terms = plan({**TIERS, "accumulates": "month"}, pays="week")
    ana, _ = simulate(company(terms, facts, quotas=goals), {}, APRIL)
    told = [(each.span, each.attainment) for each in ana.attained if each.period == "2026-W05"]
    assert told == [("2026-01", Decimal("1.2")), ("2026-02", Decimal("0.1"))]


def test_a_manager_has_the_credits_of_those_who_were_below_on_that_day():
    facts = [
        deal("D1", 1000, on(1, 5), Share("ana", Decimal(60)), Share("bo", Decimal(40))),
        deal("D2", 500, on(3, 5), Share("ana")),
        deal("D3", 700, on(1, 6), Share("maya")),
        deal("D4", 100, on(1, 7), Share("cy"), Share("ana", Decimal(50), overlay=True)),
    ]
    stays = [
        Stay(2, "ana", manager="maya", end_day=date(2026, 3, 1)),
        Stay(3, "ana", manager="noor", first_day=date(2026, 3, 1)),
        Stay(4, "bo", manager="maya"),
        Stay(5, "maya"),
        Stay(6, "noor"),
        Stay(7, "cy"),
    ]
    override = {**TEN_PERCENT, "credited": "team"}
    _, _, maya, noor, _ = simulate(company(plan(override), facts, *stays), {}, APRIL)
    # The whole of D1, once, and nothing of her own deal or of an overlay on another team's.
    assert lines(maya) == [("2026-01", "2026-01", 1, 10000, "earned")]
    assert lines(noor) == [("2026-03", "2026-03", 2, 5000, "earned")]


def test_a_pool_divides_what_the_whole_team_earned():
    facts = [deal("D1", 1000, on(1, 5)), deal("D2", 500, on(1, 6), Share("bo"))]
    stays = [Stay(2, "ana", team="West"), Stay(3, "bo", team="west"), Stay(4, "cy", team="West")]
    pooled = {**TEN_PERCENT, "credited": "pool", "pool": {"by": "equal"}}
    found = simulate(company(plan(pooled), facts, *stays), {}, FEBRUARY)
    assert [sum(line.draft.amount for line in each.lines) for each in found] == [5000, 5000, 5000]


def test_a_shared_budget_goes_to_who_comes_first():
    spif = {
        **TEN_PERCENT,
        "window": {"from": "2026-01-01", "until": "2026-02-01"},
        "rule": {"kind": "spif", "amount": "50", "budget": "80", "budget_for": "everyone"},
    }
    facts = [deal("D1", 1, on(1, 6)), deal("D2", 1, on(1, 5), Share("bo"))]
    ana, bo = simulate(company(plan(spif), facts), {}, FEBRUARY)
    assert [sum(line.draft.amount for line in each.lines) for each in (ana, bo)] == [3000, 5000]


def test_a_case_knows_only_what_was_known():
    found = company(plan(TEN_PERCENT), [deal("D1", 1000, on(1, 5)), deal("D2", 1, on(2, 5))])
    ana, _ = cases_at(found, FEBRUARY, {})
    assert [credit.external_id for credit in ana.credits] == ["D1"]
    assert ana.as_of == date(2026, 1, 31)


_moments = st.integers(0, 119).map(lambda day: on(1 + day // 28, 1 + day % 28))


@st.composite
def _histories(draw):
    """Deals that come in late or are cancelled, and months that are locked at their end."""
    facts = []
    for number in range(draw(st.integers(0, 5))):
        occurred_at, received_at = sorted([draw(_moments), draw(_moments)])
        amount = draw(st.integers(-500, 1500))
        facts.append(deal(f"D{number}", amount, occurred_at, received_at=received_at))
        if draw(st.booleans()):
            facts.append(reversal(facts[-1], max(received_at, draw(_moments))))
    locks = {"2026-01": FEBRUARY, "2026-02": MARCH, "2026-03": APRIL}
    locked = draw(st.sets(st.sampled_from(sorted(locks))))
    return facts, {key: locks[key] for key in locked}


@settings(deadline=None)
@given(_histories())
def test_locks_move_money_between_months_and_never_make_or_lose_any(history):
    facts, locks = history
    found = company(plan(TIERS), facts)
    as_of = on(6, 1)
    with_locks, _ = simulate(found, locks, as_of)
    without, _ = simulate(found, {}, as_of)

    def by_activity(statement):
        amounts = Counter()
        for line in statement.lines:
            amounts[line.draft.subject.origin, line.draft.subject.activity_id] += line.draft.amount
        return {key: amount for key, amount in amounts.items() if amount}

    assert by_activity(with_locks) == by_activity(without)


@settings(deadline=None)
@given(_histories())
def test_what_a_locked_month_says_is_what_was_known_at_its_lock(history):
    facts, locks = history
    found = company(plan(TIERS), facts)
    ana, _ = simulate(found, locks, on(6, 1))
    for key, moment in locks.items():
        until_then = {name: at for name, at in locks.items() if at < moment}
        then, _ = simulate(found, until_then, moment)
        assert [line for line in lines(ana) if line[0] == key] == [
            line for line in lines(then) if line[0] == key
        ]


def test_two_stays_in_one_pay_period_are_each_paid():
    # 1,000 in the first stay and 500 in the second, at 10 %: 100.00 and 50.00.
    rate = {"kind": "retroactive_rate", "tiers_by": "amount", "tiers": [{"rate": "0.10"}]}
    monthly = {**TEN_PERCENT, "accumulates": "month", "rule": rate}
    stays = [
        Stay(2, "ana", first_day=date(2026, 1, 1), end_day=date(2026, 1, 11)),
        Stay(3, "ana", first_day=date(2026, 1, 21), end_day=date(2026, 2, 1)),
    ]
    deals = [deal("D1", "1000", on(1, 5)), deal("D2", "500", on(1, 25))]
    company = Company(plan(monthly), CALENDAR, Roster(stays), History(deals))
    (statement,) = simulate(company, {}, FEBRUARY)
    assert [line.draft.amount for line in statement.lines] == [10000, 5000]
