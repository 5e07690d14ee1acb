"""Semantics 32: tied prizes pool and split evenly; a reserve withholds without moving down."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from incentives.core.prizes import award
from incentives.core.ranking import Entry, rank


def standings(*scores):
    return rank([Entry(i, f"Person {i}", Decimal(score)) for i, score in enumerate(scores)])


def won(scores, prizes, **options):
    """Prizes in minor units for places 1, 2, 3 …; what each entrant wins."""
    awarded = award(standings(*scores), dict(enumerate(prizes, start=1)), **options)
    return [awarded.get(i, 0) for i in range(len(scores))]


def test_two_first_with_20_and_10_take_15_each():
    assert won([9, 9], [2000, 1000]) == [1500, 1500]


def test_three_first_with_25_15_8_take_16_each_and_the_next_takes_the_fourth():
    assert won([9, 9, 9, 5], [2500, 1500, 800, 500]) == [1600, 1600, 1600, 500]


def test_two_second_with_500_and_200_take_350_each():
    assert won([9, 5, 5], [100000, 50000, 20000]) == [100000, 35000, 35000]


def test_below_the_reserve_there_is_no_first_prize():
    assert won([400, 300], [10000, 5000], reserve=Decimal(500)) == [0, 0]


def test_to_reach_the_reserve_is_enough_and_a_withheld_prize_does_not_move_down():
    assert won([500, 300], [10000, 5000], reserve=Decimal(500)) == [10000, 0]


def test_who_has_nothing_wins_nothing():
    assert won([0, 0], [2000, 1000]) == [0, 0]
    assert won([5, -5], [2000, 1000]) == [2000, 0]


def test_a_cent_that_is_left_over_goes_to_who_comes_first_in_the_chain():
    assert won([9, 9, 9], [10000]) == [3334, 3333, 3333]


@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=20),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=8),
)
def test_never_more_than_the_prizes_is_paid_and_all_of_it_where_enough_people_scored(
    scores, prizes
):
    total = sum(won(scores, prizes))
    assert total <= sum(prizes)
    if len(scores) >= len(prizes):
        assert total == sum(prizes)
