"""However many ids are asked for, each is asked for once, and never more than can be bound."""

from hypothesis import given
from hypothesis import strategies as st

from incentives.store.parts import in_parts, in_parts_or_all


@given(st.lists(st.integers(0, 5_000), max_size=40), st.integers(0, 1_600))
def test_each_id_is_in_one_part_in_order(some, many):
    ids = [*some, *range(many)]
    parts = list(in_parts(ids))
    assert [each for part in parts for each in part] == sorted(set(ids))
    assert all(0 < len(part) <= 500 for part in parts)


def test_nobody_in_particular_is_everybody_and_not_nobody():
    assert list(in_parts_or_all(None)) == [None]
    assert list(in_parts_or_all([])) == []
    assert list(in_parts_or_all([2, 1])) == [[1, 2]]
