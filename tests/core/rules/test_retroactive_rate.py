"""Retroactive tiers: the rate reached pays on everything."""

from fractions import Fraction

import pytest
from marshmallow import ValidationError

from incentives.core.rules import retroactive_rate
from tests.core.rules.asking import due, paid_by, rule

KIND = "retroactive_rate"


def table(*tiers, by="amount", **more):
    tiers = [{"up_to": bound, "rate": rate} for bound, rate in tiers]
    return {"tiers_by": by, "tiers": tiers, **more}


THREE = table(("10000", "0.05"), ("25000", "0.07"), (None, "0.10"))
FOUR = table(("25000", "0.01"), ("50000", "0.02"), ("75000", "0.03"), (None, "0.04"))
RE_RATED = table(("0.5", "0.05"), ("1", "0.10"), (None, "0.20"), by="attainment", marginal_from="1")


@pytest.mark.parametrize(
    ("sold", "pays"), [("0", 0), ("9999", Fraction("499.95")), ("30000", 3000)]
)
def test_the_rate_reached_pays_on_everything(sold, pays):
    assert due(KIND, THREE, sold).amount == pays


@pytest.mark.parametrize(("at_bound", "pays"), [("upper", 1500), ("lower", 1000)])
def test_exactly_on_a_bound_the_plan_decides(at_bound, pays):
    assert due(KIND, FOUR, "50000", at_bound=at_bound).amount == pays


def test_a_result_below_nothing_takes_back_at_the_first_rate():
    assert due(KIND, THREE, "-200").amount == -10


def test_by_attainment_500_000_on_a_quota_of_375_000():
    tiers = table(("1", "0.06"), ("1.25", "0.08"), ("1.5", "0.10"), (None, "0.12"), by="attainment")
    told = due(KIND, tiers, "500000", quota="375000")
    assert told.amount == 50000  # 133.3 % of quota: 10 % of it all
    assert told.notes["attainment"] == "1.333333"


@pytest.mark.parametrize("at_bound", ["upper", "lower"])
@pytest.mark.parametrize(
    ("sold", "pays"),
    [
        ("10000", 500),  # 5 %
        ("20000", 2000),  # the half is passed: 10 % of it all
        ("33000", 3300),
        ("40000", 4700),  # 33,000 at 10 %, and 7,000 at 20 %
    ],
)
def test_a_retroactive_base_with_an_accelerator_above_it(sold, pays, at_bound):
    assert due(KIND, RE_RATED, sold, quota="33000", at_bound=at_bound).amount == pays


def test_on_the_half_itself_the_plan_decides_also_below_an_accelerator():
    assert due(KIND, RE_RATED, "16500", quota="33000").amount == 1650
    assert due(KIND, RE_RATED, "16500", quota="33000", at_bound="lower").amount == 825


def test_a_part_of_what_was_reached_takes_its_share_of_each_tier():
    # Of 40,000, 33,000 lie below the quota; of this month's 20,000, 16,500 do.
    told = due(KIND, RE_RATED, "40000", base="20000", quota="33000")
    assert told.slices == [(2, 16500), (3, 3500)]
    assert told.amount == 1650 + 700


def test_a_part_pays_at_the_rate_reached_by_the_whole():
    assert due(KIND, THREE, "30000", base="4000").amount == 400
    assert due(KIND, THREE, "30000", base="-1000").amount == -100


def test_a_tier_whose_test_fails_pays_the_rate_below_it():
    told = due(KIND, THREE, "30000", failing={2})
    assert told.amount == 2100
    assert paid_by(told.rows, told.slices) == 2100


def test_tiers_that_turn_marginal_do_so_at_one_of_their_bounds():
    wrong = table(("10", "0.05"), (None, "0.07"), marginal_from="11")
    with pytest.raises(ValidationError, match="one of the bounds of the tiers: 10"):
        retroactive_rate.Params().load(wrong)


def test_the_sentence():
    assert rule(KIND, RE_RATED).describe("USD") == (
        "5 % up to 50 % of quota, then 10 % up to 100 % of quota, then 20 % above that; the rate "
        "reached pays on everything up to 100 % of quota, and above that each rate pays only "
        "inside its own tier"
    )
