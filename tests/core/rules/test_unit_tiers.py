"""Units by tier: marginal with flat parts and packages, and retroactive."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.rules import unit_tiers
from tests.core.rules.asking import due, earn, earned, paid_by, rule, slices_of

KIND = "unit_tiers"
WITH_FLATS = unit_tiers.EXAMPLE["params"]
BLOCKS = {
    "tiers_by": "amount",
    "reading": "retroactive",
    "tiers": [
        {"up_to": "1000", "amount": "1", "package": "100"},
        {"up_to": "101000", "amount": "1", "package": "1000"},
        {"amount": "0.5", "package": "1000"},
    ],
}


@pytest.mark.parametrize("at_bound", ["upper", "lower"])
@pytest.mark.parametrize(
    ("units", "pays"), [("0", 0), ("1", 12), ("10", 102), ("11", 110), ("12", 115), ("21", 163)]
)
def test_a_flat_part_falls_due_once_part_of_a_unit_lies_in_its_tier(units, pays, at_bound):
    assert sum(earned(KIND, WITH_FLATS, [units], at_bound=at_bound)) == pays


def test_part_of_a_unit_is_enough_for_the_flat_part():
    assert earned(KIND, WITH_FLATS, ["0.5"], start="10") == [Fraction("5.5")]  # 2.50 and 3


def test_marginal_packages_are_counted_inside_their_tier():
    table = {
        "tiers_by": "amount",
        "reading": "marginal",
        "tiers": [{"up_to": "10", "amount": "7", "package": "4"}, {"amount": "9", "package": "4"}],
    }
    # 10 are three packages of 4; the 11th begins a package of the second tier.
    assert earned(KIND, table, ["10", "1", "3", "1"]) == [21, 9, 0, 9]


def test_bounds_by_attainment():
    table = {
        "tiers_by": "attainment",
        "reading": "marginal",
        "tiers": [{"up_to": "1", "amount": "2"}, {"amount": "3"}],
    }
    assert earned(KIND, table, ["30"], start="20", quota="40") == [70]  # 20 at 2 and 10 at 3


def test_blocks_rounded_up_of_which_must_be_warned():
    assert due(KIND, BLOCKS, "101000", at_bound="lower").amount == 101
    assert due(KIND, BLOCKS, "101001", at_bound="lower").amount == 51
    assert due(KIND, BLOCKS, "101000", at_bound="upper").amount == Fraction("50.5")


def test_retroactive_units_with_the_flat_part_of_the_tier_reached():
    table = {**WITH_FLATS, "reading": "retroactive"}
    told = due(KIND, table, "12")
    assert told.amount == 63  # 12 at 5, and 3
    assert paid_by(told.rows, told.slices) == 63
    assert due(KIND, table, "0").amount == 0


def test_the_sentence():
    assert rule(KIND, BLOCKS).describe("USD") == (
        "1 USD for each package of 100 begun, up to 1,000; then "
        "1 USD for each package of 1,000 begun, up to 101,000; then "
        "0.5 USD for each package of 1,000 begun, above that; the tier reached pays for all"
    )


VALUES = st.lists(st.decimals("-20", "20", places=2), max_size=8)


@given(VALUES)
def test_lines_sum_to_the_whole_and_slices_to_the_lines(values):
    told = earn(KIND, WITH_FLATS, values)
    lines = [Fraction(amount, told.per) for amount in told.amounts]
    assert sum(lines) == sum(earned(KIND, WITH_FLATS, [sum(values)]))
    assert lines == [paid_by(told.rows, slices_of(step, told.scale)) for step in told.steps]
