"""The latest wins beside a board: of those who stand on it, and nothing the feed would not tell."""

from decimal import Decimal

import pytest

from incentives.core.boards.privacy import Viewer
from incentives.operations.board_wins import board_wins
from incentives.operations.change_boards import edit_board
from incentives.store import won_deals
from incentives.store.boards import board_by_slug


@pytest.fixture(params=["named in the query", "of many, looked at one by one"])
def wins(world, request, monkeypatch):
    if request.param.startswith("of many"):
        monkeypatch.setattr(won_deals, "_MOST_NAMED", 0)

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
