"""What a board keeps to itself: freezes, privacy, and how it stood before."""

from datetime import UTC, datetime, timedelta

import pytest

from incentives.core.boards.privacy import Viewer
from incentives.errors import Invalid, NotFound, Refused
from incentives.operations.change_boards import edit_board
from incentives.operations.export_board import export_board
from incentives.operations.read_contributions import read_contributions
from tests.core.boards.documents import document
from tests.operations.boards.told import MANAGER, TEAMS, told


def test_a_frozen_board_shows_nothing_of_the_freeze_or_later(world, people, board):
    freeze = datetime(2026, 11, 17, 15, tzinfo=UTC)
    for moment, name, amount in (
        (freeze - timedelta(seconds=1), "Ana", "10"),
        (freeze, "Bo", "50"),
        (freeze + timedelta(hours=5), "Ana", "70"),
    ):
        world.deal(people[name], amount, at=moment)
    world.refresh()
    read = board(freeze={"at": freeze.isoformat(), "for": ["rep", "wall"]})
    assert told(read())[:2] == [("Ana", 80, 1), ("Bo", 50, 2)]
    for viewer in (Viewer("rep", people["Bo"]), Viewer("wall")):
        frozen = read(viewer=viewer)
        assert told(frozen)[:2] == [("Ana", 10, 1), ("Bo", 0, 2)]
        assert (frozen.frozen_at, frozen.may_show_news) == (freeze, False)
        assert sum(row.splits[1] for row in frozen.rows) == 10
        assert b"70" not in export_board(frozen)
        why = read_contributions(read.slug, people["Ana"], viewer=viewer, now=world.now)
        assert [item.value for item in why.items] == [10]


def test_points_of_a_frozen_board_are_those_of_before(world, people, board):
    world.plan()
    freeze = datetime(2026, 11, 17, 15, tzinfo=UTC)
    world.deal(people["Ana"], "10", at=freeze - timedelta(hours=1), product="GTX Pro")
    world.deal(people["Ana"], "10", at=freeze, product="GTK 500")
    world.refresh()
    read = board(scores=[{"kpi": "points"}], freeze={"at": freeze.isoformat(), "for": ["wall"]})
    assert read().rows[0].standing.score == 48 + 268
    assert read(viewer=Viewer("wall")).rows[0].standing.score == 48


def test_the_board_as_it_stood_knows_only_what_was_known(world, people, board):
    read = board()
    start = world.now

    def at(minutes):
        world.now = start + timedelta(minutes=minutes)

    world.deal(people["Ana"], "100", external_id="D-1", day="2026-11-02")
    world.deal(people["Cy"], "60", external_id="D-2", day="2026-11-02")
    at(10)
    # Revised, reversed, given to somebody else, and one that comes late.
    world.deal(people["Ana"], "30", external_id="D-1", day="2026-11-02")
    world.deal(people["Cy"], "60", external_id="D-2", day="2026-11-02", reversed=True)
    at(20)
    world.deal(people["Bo"], "30", external_id="D-1", day="2026-11-02")
    world.deal(people["Di"], "5", day="2026-11-03")
    at(30)
    world.refresh()
    expected = {
        0: [],
        10: [("Ana", 100), ("Cy", 60)],
        20: [("Ana", 30)],
        30: [("Bo", 30), ("Di", 5)],
    }
    for minutes, scores in expected.items():
        stood = read(at=start + timedelta(minutes=minutes))
        assert [row[:2] for row in told(stood) if row[1]] == scores, minutes
        for row in stood.rows:
            why = read_contributions(
                read.slug, row.entrant.id, viewer=MANAGER, now=world.now, at=stood.at
            )
            assert why.value == row.standing.score
    assert told(read(at=world.now)) == told(read())
    with pytest.raises(Invalid, match="still to come"):
        read(at=world.now + timedelta(seconds=1))


def test_points_as_they_stood_are_those_that_were_posted(world, people, board):
    world.plan()
    read = board(scores=[{"kpi": "points"}])
    start = world.now
    world.deal(people["Ana"], "10", external_id="D-1", product="GTX Pro")
    world.refresh()
    world.now = start + timedelta(minutes=10)
    world.deal(people["Ana"], "10", external_id="D-1", product="GTK 500")
    world.refresh()
    world.now = start + timedelta(minutes=20)
    assert read().rows[0].standing.score == 268
    before = read(at=start + timedelta(minutes=10))
    assert before.rows[0].standing.score == 48
    why = read_contributions(read.slug, people["Ana"], viewer=MANAGER, now=world.now, at=before.at)
    assert why.value == 48


def test_the_board_as_it_stood_is_read_as_it_was_written(world, people, board):
    read = board(name="Old")
    world.deal(people["Ana"], "100", day="2026-11-02")
    world.deal(people["Bo"], "0", kind="call", day="2026-11-02")
    edited = world.now = world.now + timedelta(minutes=5)
    edit_board(read.slug, document(name="New", scores=[{"kpi": "calls"}]), by=None, now=world.now)
    world.now += timedelta(minutes=5)
    world.refresh()
    assert told(read())[0] == ("Bo", 1, 1)
    assert told(read(at=edited))[0] == ("Ana", 100, 1)


@pytest.mark.parametrize("form", ["top_n", "neighbours", "pseudonym", "self"])
def test_no_output_of_a_masked_board_names_who_must_not_be_named(world, people, board, form):
    world.quota(people["Cy"], "777777")
    for name, amount in (("Ana", "400"), ("Bo", "300"), ("Cy", "200")):
        world.deal(people[name], amount)
    world.refresh()
    read = board(privacy={"rep": {"form": form, "top": 1, "window": 2}})
    viewer = Viewer("rep", people["Di"])
    reading = read(viewer=viewer)
    # Everybody but Ana at the top, Cy beside Di, and Di.
    shown = {"top_n": {"Ana"}, "neighbours": {"Cy", "Di"}, "pseudonym": {"Di"}, "self": {"Di"}}
    hidden = TEAMS.keys() - shown[form] - {"Di"}
    outputs = [repr(reading.rows), repr(reading.own), export_board(reading).decode()]
    outputs += [repr(read(viewer=viewer, search="x").rows)]
    for name in hidden:
        assert all(f"{name} X" not in output for output in outputs)
        with pytest.raises(NotFound):
            read_contributions(read.slug, people[name], viewer=viewer, now=world.now)
    with pytest.raises(Refused, match="cannot be narrowed"):
        read(viewer=viewer, team="east")
    assert (reading.entrants, reading.own.standing.place) == (4, 4)
    assert not reading.may_show_news
    assert read().total == 4


def test_a_weighed_score_is_the_sum_of_what_its_activities_add(world, people, board):
    world.deal(people["Ana"], "100")
    world.deal(people["Ana"], "0", kind="call")
    world.refresh()
    weighed = [{"kpi": "revenue", "weight": "0.3"}, {"kpi": "calls", "weight": "7"}]
    read = board(scores=weighed)
    why = read_contributions(read.slug, people["Ana"], viewer=MANAGER, now=world.now)
    assert sorted(item.adds for item in why.items) == [7, 30]
    assert sum(item.adds for item in why.items) == why.row.standing.score == 37


def test_the_gap_and_the_best_are_told_beside_a_row(world, people, board):
    for name, amount in (("Ana", "300"), ("Bo", "200"), ("Cy", "150")):
        world.deal(people[name], amount)
    world.refresh()
    why = read_contributions(board().slug, people["Cy"], viewer=MANAGER, now=world.now)
    assert (why.row.standing.gap, why.row.above, why.above.entrant.id) == (50, 2, people["Bo"])
    assert [(mark.percent, mark.score) for mark in why.benchmarks] == [
        (50, 200),
        (25, 300),
        (10, 300),
    ]
