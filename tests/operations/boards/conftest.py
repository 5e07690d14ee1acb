"""A small company in two teams, and boards over it."""

import pytest

from incentives.operations.change_boards import create_board
from incentives.operations.read_board import read_board
from incentives.store import boards
from tests.core.boards.documents import document
from tests.operations.boards.told import MANAGER, TEAMS


@pytest.fixture
def people(world):
    return {name: world.payee(f"{name} X", team) for name, team in TEAMS.items()}


@pytest.fixture
def board(world):
    """Creates a board and gives what reads it."""

    def create(**fields):
        number = len(boards.all_boards())
        said = document(**{"name": f"Board {number}", **fields})
        slug = create_board(said, by=None, now=world.now)

        def read(**asked):
            return read_board(slug, **{"viewer": MANAGER, "now": world.now, **asked})

        read.slug = slug
        return read

    return create
