"""Every board of docs/boards.md is one, and every word of the format stands there."""

import pytest
import yaml

from incentives.core.boards.definition import BoardSchema, read_definition
from incentives.core.boards.parts import AUDIENCES, FORMS, VIEWERS
from incentives.core.boards.readings import READINGS
from incentives.core.measures import KPIS
from tests.docs.documents import blocks, document

PAGE = "docs/boards.md"
BOARDS = [yaml.safe_load(block.text) for block in blocks(PAGE, "yaml board")]


@pytest.mark.parametrize("board", BOARDS, ids=[board["name"] for board in BOARDS])
def test_the_boards_of_the_page_are_boards(board):
    assert read_definition(board).name == board["name"]


def test_the_page_names_all_that_a_board_may_say():
    fields = set(BoardSchema().fields) - {"schema", "name"}
    for word in {*fields, *READINGS, *FORMS, *VIEWERS, *AUDIENCES, *KPIS}:
        assert f"`{word}`" in document(PAGE) or f"`{word}: " in document(PAGE), word
