"""Semantics 27 to 31: places, gaps, neighbours."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incentives.core.ranking import Entry, around, movement, rank


def entries(*scores):
    return [Entry(i, f"Person {i}", Decimal(score)) for i, score in enumerate(scores)]


def places(rows):
    return [row.place for row in rows]


def test_tied_entrants_share_a_place_and_the_next_is_skipped():
    assert places(rank(entries(50, 50, 30, 30, 10))) == [1, 1, 3, 3, 5]


def test_dense_places_skip_nothing():
    assert places(rank(entries(50, 50, 30, 30, 10), ties="dense")) == [1, 1, 2, 2, 3]


def test_one_who_pulls_away_is_third_alone():
    rows = rank(entries(50, 50, 40, 30, 10))
    assert [(row.place, row.tied) for row in rows] == [
        (1, True),
        (1, True),
        (3, False),
        (4, False),
        (5, False),
    ]


def test_ordinal_places_follow_who_got_there_first():
    ana = Entry(1, "Ana", Decimal(200), first_reached=5)
    bo = Entry(2, "Bo", Decimal(200), first_reached=4)
    assert [row.name for row in rank([ana, bo], ties="ordinal")] == ["Bo", "Ana"]


def test_the_last_link_of_the_chain_is_the_name_in_any_case():
    rows = rank([Entry(1, "zane", Decimal(1)), Entry(2, "Ana", Decimal(1))])
    assert [row.name for row in rows] == ["Ana", "zane"]


@pytest.mark.parametrize(("entrant", "expected"), [(2, [2, 3, 4]), (0, [1, 2, 3]), (4, [3, 4, 5])])
def test_around_me_always_fills_its_window(entrant, expected):
    rows = rank(entries(50, 40, 30, 20, 10))
    assert places(around(rows, entrant, 3)) == expected


def test_a_gap_leads_to_the_next_better_score():
    rows = rank(entries(100, 80, 80, 70))
    assert [row.gap for row in rows] == [None, Decimal(20), Decimal(20), Decimal(10)]


def test_fewer_is_better_where_it_is_said():
    rows = rank(entries(30, 20, 25), lower_is_better=True)
    assert [(row.score, row.place) for row in rows] == [(20, 1), (25, 2), (30, 3)]
    assert rows[1].gap == 5


def test_without_enough_to_be_ranked_one_stands_at_the_end_without_a_place():
    rows = rank([Entry(1, "Ana", None), *entries(0)])
    assert [(row.score, row.place) for row in rows] == [(0, 1), (None, None)]


def test_movement_is_places_climbed():
    assert movement(9, 7) == 2
    assert movement(1, 3) == -2
    assert movement(None, 3) is None


SCORES = st.lists(st.integers(-5, 20), min_size=1, max_size=40)


@given(SCORES)
def test_a_place_is_one_more_than_the_number_who_are_better(scores):
    for row in rank(entries(*scores)):
        assert row.place == 1 + sum(score > row.score for score in scores)


@given(SCORES, st.data())
def test_removing_a_person_from_the_bottom_shifts_nobody(scores, data):
    rows = rank(entries(*scores))
    without = rank([e for e in entries(*scores) if e.entrant_id != rows[-1].entrant_id])
    assert places(without) == places(rows)[:-1]


@given(SCORES, st.integers(1, 9), st.data())
def test_around_me_is_a_slice_that_holds_me(scores, window, data):
    rows = rank(entries(*scores))
    me = data.draw(st.sampled_from([row.entrant_id for row in rows]))
    seen = around(rows, me, window)
    assert len(seen) == min(window, len(rows))
    assert me in [row.entrant_id for row in seen]
    first = rows.index(seen[0])
    assert rows[first : first + len(seen)] == seen


@given(SCORES, st.randoms())
def test_the_order_of_arrival_changes_nothing(scores, random):
    shuffled = entries(*scores)
    random.shuffle(shuffled)
    assert rank(shuffled) == rank(entries(*scores))
