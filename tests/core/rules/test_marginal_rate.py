"""Marginal tiers: worked figures, refused tables, and what must hold for any tiers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from incentives.core.rules import marginal_rate
from tests.core.rules.asking import earn, earned, slices_of

KIND = "marginal_rate"


def by_amount(*tiers):
    """Tiers as (upper bound, rate); the last bound is None."""
    return {
        "tiers_by": "amount",
        "tiers": [{"up_to": bound, "rate": rate} for bound, rate in tiers],
    }


TWO_TIERS = by_amount(("5000", "0.10"), (None, "0.12"))
FOUR_BY_QUOTA = {
    "tiers_by": "attainment",
    "tiers": [
        {"up_to": "1", "rate": "0.06"},
        {"up_to": "1.25", "rate": "0.08"},
        {"up_to": "1.5", "rate": "0.10"},
        {"rate": "0.12"},
    ],
}


@pytest.mark.parametrize("at_bound", ["upper", "lower"])
@pytest.mark.parametrize(("sold", "pays"), [("4000", 400), ("5000", 500), ("6000", 620)])
def test_two_tiers_at_the_bound_are_the_same_either_way(sold, pays, at_bound):
    assert sum(earned(KIND, TWO_TIERS, [sold], at_bound=at_bound)) == pays


def test_a_deal_that_crosses_a_bound_is_cut():
    tiers = by_amount(("150000", "0.04"), ("250000", "0.06"), (None, "0.08"))
    before, deal = earned(KIND, tiers, ["145000", "20000"])
    assert deal == 1100  # 5,000 at 4 % and 15,000 at 6 %
    assert before + deal == 6900


def test_tiers_by_attainment_pay_500_000_on_a_quota_of_375_000():
    assert sum(earned(KIND, FOUR_BY_QUOTA, ["500000"], quota="375000")) == 33125


def test_the_same_deals_cumulated():
    tiers = by_amount(("1000", "0.01"), ("3000", "0.02"), ("8000", "0.03"), (None, "0.05"))
    deals = ["200", "300", "1500", "1200", "2000", "4500"]
    assert earned(KIND, tiers, deals) == [2, 3, 25, 26, 60, 169]


def test_a_quota_that_cuts_between_cents_stays_exact():
    # A third of 100 is sold at 6 %, the rest of it up to 33.34 at the same: nothing is lost.
    assert sum(earned(KIND, FOUR_BY_QUOTA, ["33.33", "66.67"], quota="100")) == 6


def test_another_basis_of_attainment_cuts_each_base_in_proportion():
    # 60 of a quota of 100 was there; 80 more crosses it, so half of the base is above.
    told = earn(KIND, FOUR_BY_QUOTA, ["1000"], moves=["80"], start="60", quota="100")
    # 40 of 80 below 100 %, 25 of 80 to 125 %, 15 of 80 above: 500, 312.50 and 187.50.
    assert Fraction(told.amounts[0], told.per) == 30 + 25 + Fraction("18.75")


def test_a_base_that_moves_nothing_is_paid_where_one_stands():
    told = earned(KIND, FOUR_BY_QUOTA, ["1000"], moves=["0"], start="110", quota="100")
    assert told == [80]


def test_a_tier_whose_test_fails_pays_the_rate_below_it():
    tiers = by_amount(("100", "0.05"), (None, "0.10"))
    told = earn(KIND, tiers, ["300"], failing={1})
    assert Fraction(told.amounts[0], told.per) == 15
    assert [row["rate"] for row in told.rows] == ["0.05", "0.05"]


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
    assert sum(earned(KIND, tiers, amounts)) == sum(earned(KIND, tiers, shuffled))


@given(tier_tables(), st.decimals("0.01", "5000", places=2), st.decimals("0", "500", places=2))
def test_pay_never_falls_as_sales_rise(tiers, sold, more):
    lower, higher = (sum(earned(KIND, tiers, [value])) for value in (sold, sold + more))
    assert higher >= lower


@given(tier_tables(), AMOUNTS)
def test_slices_sum_to_the_deal(tiers, amounts):
    told = earn(KIND, tiers, amounts)
    for amount, step in zip(amounts, told.steps, strict=True):
        bases = [base for _, base in slices_of(step, told.scale)]
        assert sum(bases) == Fraction(amount)


@given(tier_tables(), AMOUNTS)
def test_going_back_takes_exactly_what_going_there_paid(tiers, amounts):
    there_and_back = [*amounts, *(-value for value in reversed(amounts))]
    assert sum(earned(KIND, tiers, there_and_back)) == 0
