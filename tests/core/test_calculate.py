"""The whole way from credits to lines: spans, versions, quotas, currencies, badges."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core import calculate as engine
from incentives.core.activity import LOST, WON, Credit
from incentives.core.calendar import Calendar
from incentives.core.case import Case
from incentives.core.plans import Agreement, PlanVersion, read_plan

CALENDAR = Calendar(ZoneInfo("America/Chicago"))


def component(key="pay", **more):
    rule = more.pop("rule", {"kind": "per_unit", "amount": "10"})
    return {
        "key": key,
        "name": key.capitalize(),
        "yields": "money",
        "measure": "deals_won",
        "rule": rule,
        **more,
    }


def commission(*tiers, accumulates="quarter", key="commission"):
    rule = {
        "kind": "marginal_rate",
        "tiers_by": "attainment",
        "tiers": [{"up_to": bound, "rate": rate} for bound, rate in tiers],
    }
    return component(key, measure="revenue", accumulates=accumulates, rule=rule)


def agreement(*components, **dated):
    """A plan with these components, or with `v2=(first_day, components)` a second version."""
    versions = [_version(1, date(2020, 1, 1), components)]
    if "v2" in dated:
        versions.append(_version(2, *dated["v2"]))
    return Agreement(tuple(versions), date(2020, 1, 1), dated.get("until"))


def _version(number, first_day, components):
    document = {"schema": 1, "name": "Plan", "currency": "USD", "components": list(components)}
    return PlanVersion(number, 1, number, first_day, read_plan(document))


def deal(number, amount="100", at="2026-11-10T18:00", kind=WON, currency="USD", **attributes):
    happened = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return Credit(
        activity_id=number,
        source="crm",
        external_id=f"D{number}",
        kind=kind,
        occurred_at=happened,
        received_at=happened,
        amount=Decimal(amount),
        currency=currency,
        quantity=Decimal(1),
        attributes=attributes,
    )


def calculate(agreements, credits, quotas, calendar):
    case = Case(1, agreements, credits, quotas, calendar, as_of=date(2026, 12, 31))
    return engine.calculate(case)


def amounts(result):
    return [(line.activity_id, line.amount) for line in result.lines]


QUOTA = {("revenue", "2026-Q4"): Decimal(1000)}
TIERS = commission(("0.5", "0.04"), (None, "0.10"))


def test_a_line_per_deal_each_rounded_once():
    result = calculate([agreement(TIERS)], [deal(1, "0.12"), deal(2, "0.13")], QUOTA, CALENDAR)
    # 0.12 at 4 % is 0.0048 and 0.13 is 0.0052: one rounds to nothing, one to a cent.
    assert amounts(result) == [(1, 0), (2, 1)]


def test_each_deal_belongs_to_the_month_in_which_it_happened_by_the_companys_clock():
    late = deal(1, at="2026-12-01T04:00")  # still 30 November in Chicago
    (line,) = calculate([agreement(TIERS)], [late], QUOTA, CALENDAR).lines
    assert (line.period, line.day) == ("2026-11", date(2026, 11, 30))


def test_accumulation_begins_anew_with_each_quarter():
    deals = [deal(1, "800", at="2026-09-30T12:00"), deal(2, "400", at="2026-10-01T12:00")]
    quotas = {**QUOTA, ("revenue", "2026-Q3"): Decimal(1000)}
    result = calculate([agreement(TIERS)], deals, quotas, CALENDAR)
    assert amounts(result) == [(1, 5000), (2, 1600)]  # 500 × 4 % + 300 × 10 %; 400 × 4 %


def test_a_new_version_slices_only_what_comes_after_it_and_goes_on_counting():
    plan = agreement(TIERS, v2=(date(2026, 11, 15), [commission(("0.5", "0.04"), (None, "0.20"))]))
    deals = [deal(1, "600", at="2026-11-10T12:00"), deal(2, "100", at="2026-11-20T12:00")]
    result = calculate([plan], deals, QUOTA, CALENDAR)
    assert amounts(result) == [(1, 3000), (2, 2000)]
    assert [line.terms.plan_version_id for line in result.lines] == [1, 2]


def test_another_rule_type_in_a_new_version_goes_on_from_the_position_reached():
    flat = component(
        "commission",
        measure="revenue",
        accumulates="quarter",
        rule={"kind": "per_unit", "amount": "1"},
    )
    plan = agreement(flat, v2=(date(2026, 11, 15), [TIERS]))
    deals = [deal(1, "500", at="2026-11-10T12:00"), deal(2, "100", at="2026-11-20T12:00")]
    assert amounts(calculate([plan], deals, QUOTA, CALENDAR)) == [(1, 50000), (2, 1000)]


@pytest.mark.parametrize(
    ("quotas", "code"),
    [({}, "quota_missing"), ({("revenue", "2026-Q4"): Decimal(0)}, "quota_is_zero")],
)
def test_without_a_quota_the_component_posts_nothing_and_says_so(quotas, code):
    plan = agreement(TIERS, component("points", yields="points"))
    result = calculate([plan], [deal(1)], quotas, CALENDAR)
    assert [line.component for line in result.lines] == ["points"]
    assert [issue.code for issue in result.issues] == [code]


def test_another_currency_waits_for_a_rate_and_is_never_taken_as_1():
    result = calculate([agreement(TIERS)], [deal(1, currency="EUR"), deal(2)], QUOTA, CALENDAR)
    assert amounts(result) == [(2, 400)]
    assert [issue.code for issue in result.issues] == ["rate_missing"]


def test_conditions_choose_the_deals():
    only_large = component(
        conditions={"all": [{"field": "amount", "comparison": "at_least", "value": "100"}]}
    )
    not_special = component(
        conditions={"all": [{"field": "product", "comparison": "is_not", "value": "MG Special"}]}
    )
    deals = [deal(1, "99.99"), deal(2, "100"), deal(3, "500", product="MG Special")]
    paid = [
        [activity for activity, _ in amounts(calculate([agreement(each)], deals, {}, CALENDAR))]
        for each in (only_large, not_special)
    ]
    assert paid == [[2, 3], [1, 2]]


def test_a_lost_deal_earns_nothing():
    assert calculate([agreement(component())], [deal(1, kind=LOST)], {}, CALENDAR).lines == []


def test_nothing_is_earned_outside_the_assignment():
    plan = agreement(component(), until=date(2026, 11, 10))
    result = calculate(
        [plan], [deal(1, at="2026-11-09T12:00"), deal(2, at="2026-11-10T12:00")], {}, CALENDAR
    )
    assert amounts(result) == [(1, 1000)]


def badge(at_least, accumulates, **rule):
    return component(
        "badge",
        yields="badge",
        accumulates=accumulates,
        rule={"kind": "badge", "at_least": at_least, **rule},
    )


def test_a_badge_is_won_by_the_deal_that_reaches_it_once_in_its_span():
    deals = [deal(i, at=f"2026-11-10T1{i}:00") for i in range(5)] + [deal(9, at="2026-11-11T12:00")]
    assert amounts(calculate([agreement(badge("3", "day"))], deals, {}, CALENDAR)) == [(2, 1)]


def test_an_unlimited_badge_is_won_again():
    deals = [deal(i, at=f"2026-11-10T1{i}:00") for i in range(6)]
    plan = agreement(badge("3", "day", award="unlimited"))
    assert amounts(calculate([plan], deals, {}, CALENDAR)) == [(2, 1), (5, 1)]


DEALS = st.lists(
    st.tuples(
        st.decimals("0.01", "2000", places=2),
        st.datetimes(datetime.fromisoformat("2026-10-02"), datetime.fromisoformat("2026-12-30")),
    ),
    max_size=20,
)


@given(DEALS, st.randoms())
def test_the_order_of_arrival_changes_no_line(deals, random):
    credits = [deal(i, str(amount), at=at.isoformat()) for i, (amount, at) in enumerate(deals)]
    plan = agreement(TIERS, component("points", yields="points"), badge("3", "day"))
    expected = calculate([plan], credits, QUOTA, CALENDAR)
    random.shuffle(credits)
    assert calculate([plan], credits, QUOTA, CALENDAR) == expected


@given(DEALS)
def test_the_lines_of_a_quarter_sum_to_the_pay_of_its_whole_but_for_rounding(deals):
    credits = [deal(i, str(amount), at=at.isoformat()) for i, (amount, at) in enumerate(deals)]
    total = sum(credit.amount for credit in credits)
    exact = min(total, Decimal(500)) * 4 + max(Decimal(0), total - 500) * 10
    lines = calculate([agreement(TIERS)], credits, QUOTA, CALENDAR).lines
    assert abs(sum(line.amount for line in lines) - exact) <= Decimal("0.5") * len(lines)
