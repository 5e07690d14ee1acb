"""Rule types: their own examples, the worked figures, and what must hold for any tiers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from incentives.core.activity import WON, Credit
from incentives.core.money import to_minor
from incentives.core.registry import rule_types
from incentives.core.rules import Measured, marginal_rate

START = datetime(2026, 10, 1, tzinfo=UTC)


def credit(number, value, attributes=None):
    return Credit(
        activity_id=number,
        source="test",
        external_id=f"D{number}",
        kind=WON,
        occurred_at=START + timedelta(hours=number),
        received_at=START,
        amount=Decimal(value),
        currency="USD",
        quantity=Decimal(1),
        attributes=attributes or {},
    )


def earned(rule_type, params, values, quota=None):
    """The unrounded earnings of values in order, each a value or (value, attributes)."""
    loaded = rule_type.Params().load(params)
    pairs = [value if isinstance(value, tuple) else (value, {}) for value in values]
    measured = [
        Measured(credit(i, value, attributes), Decimal(value), loaded)
        for i, (value, attributes) in enumerate(pairs)
    ]
    quota = None if quota is None else Decimal(quota)
    return [earning.amount for earning in rule_type.earn(measured, quota)]


@pytest.mark.parametrize("kind", sorted(rule_types()))
def test_the_example_of_each_rule_type_is_true(kind):
    rule_type = rule_types()[kind]
    example = rule_type.EXAMPLE
    amounts = earned(rule_type, example["params"], example["measured"], example["quota"])
    assert amounts == [Decimal(text) for text in example["earns"]]


def by_amount(*tiers):
    """Tiers as (upper bound, rate); the last bound is None."""
    return {
        "tiers_by": "amount",
        "tiers": [{"up_to": bound, "rate": rate} for bound, rate in tiers],
    }


TWO_TIERS = by_amount(("5000", "0.10"), (None, "0.12"))


@pytest.mark.parametrize(
    ("sold", "pays"), [("4000", "400.00"), ("5000", "500.00"), ("6000", "620.00")]
)
def test_two_tiers_at_the_bound(sold, pays):
    assert sum(earned(marginal_rate, TWO_TIERS, [sold])) == Decimal(pays)


def test_a_deal_that_crosses_a_bound_is_cut():
    tiers = by_amount(("150000", "0.04"), ("250000", "0.06"), (None, "0.08"))
    before, deal = earned(marginal_rate, tiers, ["145000", "20000"])
    assert deal == Decimal("1100.00")
    assert before + deal == Decimal("6900.00")


def test_tiers_by_attainment_pay_500_000_on_a_quota_of_375_000():
    tiers = {
        "tiers_by": "attainment",
        "tiers": [
            {"up_to": "1", "rate": "0.06"},
            {"up_to": "1.25", "rate": "0.08"},
            {"up_to": "1.5", "rate": "0.10"},
            {"rate": "0.12"},
        ],
    }
    assert sum(earned(marginal_rate, tiers, ["500000"], quota="375000")) == Decimal("33125.00")


def test_the_same_deals_cumulated():
    tiers = by_amount(("1000", "0.01"), ("3000", "0.02"), ("8000", "0.03"), (None, "0.05"))
    deals = ["200", "300", "1500", "1200", "2000", "4500"]
    assert earned(marginal_rate, tiers, deals) == [2, 3, 25, 26, 60, 169]


@pytest.mark.parametrize(
    ("tiers", "problem"),
    [
        ([{"up_to": "5", "rate": "0.1"}], "last tier"),
        ([{"rate": "0.1"}, {"rate": "0.2"}], "Tier 1 needs"),
        ([{"up_to": "5", "rate": "0.1"}, {"up_to": "5", "rate": "0.1"}, {"rate": "0.2"}], "Tier 2"),
        ([{"up_to": "0", "rate": "0.1"}, {"rate": "0.2"}], "Tier 1 must end above 0"),
        ([{"up_to": 0.5, "rate": "0.1"}, {"rate": "0.2"}], "as text"),
    ],
)
def test_a_table_with_a_gap_or_an_overlap_or_a_float_is_refused(tiers, problem):
    with pytest.raises(ValidationError, match=problem):
        marginal_rate.Params().load({"tiers_by": "amount", "tiers": tiers})


@st.composite
def tier_tables(draw):
    bounds = sorted(draw(st.sets(st.integers(1, 10_000), min_size=0, max_size=5)))
    rates = draw(
        st.lists(
            st.decimals("0", "0.5", places=4), min_size=len(bounds) + 1, max_size=len(bounds) + 1
        )
    )
    tops = [*map(str, bounds), None]
    return by_amount(*zip(tops, map(str, rates), strict=True))


AMOUNTS = st.lists(st.decimals("0.01", "5000", places=2), min_size=1, max_size=12)


@given(tier_tables(), AMOUNTS, st.randoms())
def test_totals_do_not_depend_on_the_order_of_deals(tiers, amounts, random):
    shuffled = list(amounts)
    random.shuffle(shuffled)
    assert sum(earned(marginal_rate, tiers, amounts)) == sum(earned(marginal_rate, tiers, shuffled))


@given(tier_tables(), st.decimals("0.01", "5000", places=2), st.decimals("0", "500", places=2))
def test_pay_never_falls_as_sales_rise(tiers, sold, more):
    lower, higher = (sum(earned(marginal_rate, tiers, [value])) for value in (sold, sold + more))
    assert to_minor(higher, "USD") >= to_minor(lower, "USD")


@given(tier_tables(), AMOUNTS)
def test_slices_sum_to_the_deal(tiers, amounts):
    loaded = marginal_rate.Params().load(tiers)
    measured = [Measured(credit(i, value), value, loaded) for i, value in enumerate(amounts)]
    for item, earning in zip(measured, marginal_rate.earn(measured, None), strict=True):
        assert sum(Decimal(part["base"]) for part in earning.steps["slices"]) == item.value


@given(tier_tables(), AMOUNTS)
def test_going_back_takes_exactly_what_going_there_paid(tiers, amounts):
    there_and_back = [*amounts, *(-value for value in reversed(amounts))]
    assert sum(earned(marginal_rate, tiers, there_and_back)) == 0
