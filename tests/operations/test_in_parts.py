"""However many ids are asked for, each is asked for once, and never more than can be bound."""

from hypothesis import given
from hypothesis import strategies as st

from incentives.extensions import db
from incentives.store.activity_rows import are_known
from incentives.store.driver import Driver
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


def test_whether_anything_is_known_is_answered_by_the_first_that_is(world, monkeypatch):
    ana = world.payee("Ana Silva")
    for number in range(3):
        world.deal(ana, "10", external_id=f"A{number}")
    found, rows = [], Driver.rows

    def watched(*args, **kwargs):
        found.append(rows(*args, **kwargs))
        return found[-1]

    monkeypatch.setattr(Driver, "rows", watched)
    # 1,203 ids are asked for in three parts.
    unknown = [f"B{number}" for number in range(1200)]
    session = db.session()
    assert are_known(session, "crm", ["A0", "A1", "A2", *unknown])
    assert [len(each) for each in found] == [1]
    found.clear()
    assert not are_known(session, "crm", unknown)
    assert not are_known(session, "another", ["A0"])
    assert [len(each) for each in found] == [0, 0, 0, 0]
