"""The ladder of neighbours: to scale, and no two labels touch."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from incentives.core.measures import KPIS
from incentives.core.ranking import Entry, rank
from incentives.web import ladder
from incentives.web.ladder import Point


def points(*values):
    return [Point(Decimal(value), f"P{value}", "") for value in values]


def test_marks_stand_to_scale():
    left, middle, right = ladder.marks(points(100, 150, 200))
    assert (left.x, middle.x, right.x) == (40, 500, 960)


def test_fewer_is_better_turns_the_drawing_round():
    marks = ladder.marks(points(10, 20), backwards=True)
    assert [(mark.x, mark.label) for mark in marks] == [(40, "P20"), (960, "P10")]


def test_neighbours_say_how_far_away_they_are():
    rows = rank([Entry(i, f"Person{i} X", Decimal(s)) for i, s in enumerate((300, 200, 200, 50))])
    marks = ladder.neighbours(rows, 1, KPIS["revenue"])
    assert [(m.label, m.value, m.you) for m in marks] == [
        ("4 Person3", "−150", False),
        ("", "level", True),
        ("2 Person2", "level", False),
        ("1 Person0", "+100", False),
    ]


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=7))
def test_labels_never_touch_and_stay_on_the_drawing(values):
    marks = ladder.marks(points(*values))
    places = [mark.label_x for mark in marks]
    assert all(0 <= place <= 1000 for place in places)
    assert all(b - a >= ladder.WIDE - ladder.TURNED for a, b in pairwise(places))
