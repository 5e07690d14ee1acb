"""Boards are written, changed, tried and taken away."""

import pytest

from incentives.errors import Invalid, NotFound
from incentives.operations.change_boards import create_board, edit_board, retire_board
from incentives.operations.preview_board import preview_board
from incentives.store import audit, boards
from tests.core.boards.documents import document
from tests.operations.boards.told import MANAGER, told


def test_boards_are_created_edited_and_retired_each_with_its_audit_entry(world, people, board):
    read = board(name="Mine")
    assert (read.slug, boards.all_boards()[-1].slug) == ("mine", "mine")
    said = document(name="Mine too")
    assert edit_board("mine", said, by=None, now=world.now) == 2
    assert edit_board("mine", said, by=None, now=world.now) == 2
    assert [each.document["name"] for each in boards.revisions_of(boards.all_boards()[-1].id)] == [
        "Mine"
    ]
    retire_board("mine", by=None, now=world.now)
    with pytest.raises(NotFound):
        read()
    assert [entry.action for entry in audit.entries_about(3)] == [
        "board retired",
        "board edited",
        "board created",
    ]
    # The address of a retired board is not given away.
    assert create_board(document(name="Mine"), by=None, now=world.now) == "mine-2"


@pytest.mark.parametrize(
    ("fields", "at", "words"),
    [
        ({"name": "Revenue"}, "name", "this name already"),
        ({"audience": {"of": "teams", "named": ["nowhere"]}}, "audience.named", "nowhere"),
        ({"audience": {"of": "people", "named": ["nobody"]}}, "audience.named", "nobody"),
        ({"hidden": ["nobody"]}, "hidden", "nobody"),
        ({"span": {"period": "2026-Q9"}}, "span.period", "is no period"),
        ({"scores": [{"contest": "nothing"}]}, "scores", "no contest nothing"),
        (
            {"divide": {"by": "leagues", "since": "2026-11"}},
            "divide.since",
            "the quarter in which",
        ),
    ],
)
def test_what_a_board_names_has_to_be_there(world, people, fields, at, words):
    with pytest.raises(Invalid) as refused:
        create_board(document(**{"name": "Another", **fields}), by=None, now=world.now)
    assert words in refused.value.fields[at][0]


def test_a_preview_stores_nothing(world, people):
    world.deal(people["Ana"], "100")
    world.refresh()
    before = len(boards.all_boards())
    reading = preview_board(document(name="Draft"), viewer=MANAGER, now=world.now)
    assert told(reading)[0] == ("Ana", 100, 1)
    assert len(boards.all_boards()) == before
