"""The latest wins beside a board: of those who stand on it, and nothing the feed would not tell."""

from datetime import timedelta
from decimal import Decimal

import pytest

from incentives.core.boards.privacy import Viewer
from incentives.operations.board_wins import board_wins
from incentives.operations.change_boards import edit_board
from incentives.store.boards import board_by_slug
from incentives.store.won_deals import won_between


@pytest.fixture
def wins(world):
    def read(reading):
        found = board_wins(reading, count=2, now=world.now)
        return [(win.people[0].name, win.value) for win in found]

    return read


def test_the_newest_of_those_who_stand_on_it(world, people, board, wins):
    for name, amount in (("Ana", "100"), ("Bo", "200"), ("Cy", "300"), ("Ana", "400")):
        world.deal(people[name], amount)
    world.refresh()
    assert wins(board()()) == [("Ana X", 400), ("Cy X", 300)]
    west = {"of": "teams", "named": ["west"]}
    assert wins(board(audience=west)()) == [("Cy X", 300), ("Bo X", 200)]


def test_of_a_hundred_thousand_who_stand_on_a_board_none_is_too_many(world, people):
    """No database takes as many by name."""
    world.deal(people["Ana"], "100")
    world.deal(people["Bo"], "200")
    crowd = range(10**6, 10**6 + 100_000)
    since = world.now - timedelta(days=90)
    found = won_between(since, world.now, among=[*crowd, people["Ana"]], besides=crowd)
    assert [payees for _, payees in found] == [[people["Ana"]]]


def test_a_board_that_hides_names_has_none(world, people, board, wins):
    world.deal(people["Ana"], "100")
    world.refresh()
    read = board(privacy={"rep": {"form": "self"}})
    assert wins(read(viewer=Viewer("rep", people["Bo"]))) == []
    assert wins(read()) == [("Ana X", 100)]


def test_who_is_left_out_of_any_board_is_not_named_beside_another(world, people, board, wins):
    world.deal(people["Ana"], "100")
    world.deal(people["Bo"], "200")
    world.refresh()
    edited = {**board_by_slug("revenue").document, "hidden": ["bo-x"]}
    edit_board("revenue", edited, by=None, now=world.now)
    assert wins(board()()) == [("Ana X", 100)]


def test_deals_below_the_floor_of_the_feed_are_not_told(world, people, board, wins):
    boss = world.login("Sam", "administrator")
    world.deal(people["Ana"], "999")
    world.deal(people["Bo"], "1000")
    world.refresh()
    world.recognition(boss, deal_floor=Decimal(1000))
    assert wins(board()()) == [("Bo X", 1000)]
    world.recognition(boss, wins=[])
    assert wins(board()()) == []
