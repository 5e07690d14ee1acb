"""Many payees summed together have the lines that each of them has alone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incentives.core.activity import Credit
from incentives.core.bulk import each as bulk
from incentives.core.bulk.crowd import crowd_of
from incentives.core.bulk.each import calculate_each
from incentives.core.bulk.many import calculate_many
from incentives.core.bulk.numbers import LARGEST
from incentives.core.bulk.plain import is_plain
from incentives.core.calculate import calculate
from incentives.core.calendar import Calendar
from incentives.core.case import Case
from incentives.core.columns import columns_of
from incentives.core.plans import Agreement, PlanVersion, read_plan

CALENDAR = Calendar(ZoneInfo("America/New_York"), fiscal_start_month=4)
MEASURES, YEARS = ["revenue", "deals_won", "calls"], ["2025", "2026"]
AS_OF = date(2026, 12, 31)
START, MARCH = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)

amounts = st.sampled_from(["0", "1", "99.99", "1000", "2500", "5000", "10000.01", "-300"])
rates = st.sampled_from(["0", "0.04", "0.0333", "0.1", "1.5"])


@st.composite
def rules(draw):
    match draw(st.sampled_from(["flat_rate", "per_unit", "marginal_rate", "spif"])):
        case "flat_rate":
            return {"kind": "flat_rate", "rate": draw(rates)}
        case "per_unit":
            return {"kind": "per_unit", "amount": draw(st.sampled_from(["1", "12.50"]))}
        case "spif":
            return {"kind": "spif", "rate": draw(rates)}
    by = draw(st.sampled_from(["amount", "attainment"]))
    bounds = {"amount": ["1000", "5000.50"], "attainment": ["0.5", "0.8333", "1"]}[by]
    tiers = [{"up_to": bound, "rate": draw(rates)} for bound in bounds]
    return {"kind": "marginal_rate", "tiers_by": by, "tiers": [*tiers, {"rate": draw(rates)}]}


@st.composite
def components(draw, number):
    rule = draw(rules())
    said = {
        "key": f"component-{number}",
        "name": "Component",
        "yields": draw(st.sampled_from(["money", "points"])),
        "measure": draw(st.sampled_from(["revenue", "revenue", "revenue", "deals_won", "calls"])),
        "accumulates": draw(st.sampled_from(["month", "quarter", "year"])),
        "quota_span": "whole",
        "rule": rule,
    }
    if rule["kind"] == "spif" or draw(st.integers(0, 3)) == 0:
        said["window"] = {"from": "2026-02-01", "until": "2026-08-15"}
    if draw(st.integers(0, 3)) == 0:
        said["conditions"] = {
            draw(st.sampled_from(["all", "any"])): [
                {"field": "product", "comparison": "is", "value": "gold"}
            ]
        }
    cap = draw(st.sampled_from([None, {"amount": "250"}, {"amount": "40"}, {"of_quota": "0.02"}]))
    if cap:
        said["cap"] = {**cap, "per": draw(st.sampled_from([None, "month", "year"]))}
    return said


@st.composite
def plans(draw):
    claw_back = draw(
        st.sampled_from(
            [
                {"policy": "restate_origin"},
                {"policy": "at_rate_paid", "within": 3},
                {"policy": "time_left", "over": 6},
            ]
        )
    )
    return read_plan(
        {
            "schema": 1,
            "name": "Plan",
            "currency": draw(st.sampled_from(["USD", "JPY", "KWD"])),
            "claw_back": claw_back,
            "quotas": draw(st.sampled_from([{}, {"prorate": "days"}])),
            "components": [draw(components(number)) for number in range(draw(st.integers(1, 3)))],
        }
    )


@st.composite
def credits(draw, currency):
    found = []
    for number in range(draw(st.integers(0, 12))):
        at = START + timedelta(hours=draw(st.integers(0, 8_600)))
        cancelled = draw(st.sampled_from([None, None, None, timedelta(days=3), timedelta(days=65)]))
        found.append(
            Credit(
                activity_id=number + 1,
                source="crm",
                external_id=str(number),
                kind=draw(st.sampled_from(["deal_won", "deal_won", "deal_won", "call"])),
                occurred_at=at,
                received_at=at,
                amount=Decimal(draw(amounts)) * Decimal(draw(st.sampled_from(["1", "0.3333"]))),
                currency=currency,
                quantity=Decimal(draw(st.sampled_from(["1", "0.5"]))),
                attributes={"product": draw(st.sampled_from(["gold", "tin"]))},
                reversed_at=cancelled and at + cancelled,
            )
        )
    return found


@st.composite
def companies(draw):
    """Payees with their plans, quotas and deals, in a company that has locked some months."""
    locks = {
        month.key: CALENDAR.start_of(month.end_day) + timedelta(days=5)
        for month in CALENDAR.parts(CALENDAR.period_of(date(2026, 6, 1), "year"), "month")
        if draw(st.booleans())
    }
    versions = [
        PlanVersion(number, number, 1, date(2026, 1, 1), draw(plans())) for number in (1, 2)
    ]
    cases = []
    for payee in range(draw(st.integers(1, 4))):
        version = draw(st.sampled_from(versions))
        first, end = draw(
            st.sampled_from(
                [
                    (date(2026, 1, 1), None),
                    (date(2026, 3, 10), date(2026, 9, 1)),
                    (date(2027, 1, 1), None),
                ]
            )
        )
        agreements = [Agreement((version,), first, end)]
        if end and draw(st.booleans()):
            agreements.append(Agreement((version,), date(2026, 10, 1), None))
        year = Decimal(draw(st.sampled_from(["12000", "30000.30", "12000", "30000.30", "0"])))
        measures = MEASURES[: draw(st.sampled_from([0, 1, 3, 3]))]
        quotas = {(measure, period): year for measure in measures for period in YEARS}
        cases.append(
            Case(
                payee,
                agreements,
                draw(credits(version.plan.currency)),
                quotas,
                CALENDAR,
                AS_OF,
                locks=locks,
            )
        )
    return cases


@settings(deadline=None)
@given(companies())
def test_each_payee_has_the_lines_that_they_have_alone(cases):
    columns = [columns_of(case.credits, CALENDAR) for case in cases]
    assert all(map(is_plain, cases, columns))
    made, left = calculate_many(crowd_of(cases, columns))
    for number, case in enumerate(cases):
        alone = calculate(case)
        if number in left:
            assert len(case.quotas) < len(MEASURES) * len(YEARS) or 0 in case.quotas.values()
        else:
            together = [line for component in made for line in component.of(number)]
            assert sorted(together, key=str) == sorted(alone.lines, key=str)
            assert not alone.issues


@settings(deadline=None, max_examples=20)
@given(companies())
def test_whoever_calculates_many_gets_what_is_said_of_each(cases):
    columns = [columns_of(case.credits, CALENDAR) for case in cases] * bulk.WORTH_IT
    cases = cases * bulk.WORTH_IT
    for case, found in zip(cases, calculate_each(cases, columns), strict=True):
        alone = calculate(case)
        assert sorted(found.lines, key=str) == sorted(alone.lines, key=str)
        assert found.issues == alone.issues


def one_payee(component, *deals, currency="USD", **more):
    plan = read_plan(
        {
            "schema": 1,
            "name": "Plan",
            "currency": "USD",
            "components": [
                {
                    "key": "commission",
                    "name": "Commission",
                    "yields": "money",
                    "measure": "revenue",
                    "rule": {"kind": "flat_rate", "rate": "0.1"},
                    **component,
                }
            ],
        }
    )
    agreement = Agreement((PlanVersion(1, 1, 1, START.date(), plan),), START.date(), None)
    found = [
        Credit(n, "crm", str(n), "deal_won", MARCH, MARCH, Decimal(deal), currency, Decimal(1), {})
        for n, deal in enumerate(deals, start=1)
    ]
    return Case(1, [agreement], found, {}, CALENDAR, AS_OF, **more)


@pytest.mark.parametrize(
    "component",
    [
        {"credited": "team"},
        {"credits": "primary"},
        {"floor": {"amount": "100"}},
        {"multiplier": {"factor": "2"}},
        {"measure": "days_to_close", "yields": "points"},
        {"conditions": {"all": [{"field": "amount", "comparison": "at_least", "value": "10"}]}},
        {"cap": {"of_target": "1"}},
        {"cap": {"of_quota": "1", "per": "year"}},
        {"rule": {"kind": "per_unit", "amount": "10", "package": "3"}, "measure": "calls"},
    ],
)
def test_what_is_not_so_plain_is_calculated_one_by_one(component):
    case = one_payee(component, "1000")
    assert not is_plain(case, columns_of(case.credits, CALENDAR))


def test_deals_in_another_currency_are_calculated_one_by_one():
    case = one_payee({}, "1000", currency="EUR")
    assert not is_plain(case, columns_of(case.credits, CALENDAR))


def test_numbers_that_do_not_fit_into_64_bits_are_summed_all_the_same():
    cases = [one_payee({}, str(LARGEST), "0.01")] * bulk.WORTH_IT
    columns = [columns_of(case.credits, CALENDAR) for case in cases]
    for found in calculate_each(cases, columns):
        assert [line.amount for line in found.lines] == [LARGEST * 10, 0]
