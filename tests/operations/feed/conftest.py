"""Three who sell, one who decides, and a deal to talk about."""

import pytest

from incentives.core.boards.privacy import Viewer
from incentives.operations.read_feed import read_feed


@pytest.fixture
def ana(world):
    return world.payee("Ana Silva")


@pytest.fixture
def bo(world):
    return world.payee("Bo Lind", team="West")


@pytest.fixture
def cy(world):
    return world.payee("Cy Young")


@pytest.fixture
def boss(world):
    return world.login("Sam", "administrator")


@pytest.fixture
def deal(world, ana):
    """The key of a deal of Ana's."""
    world.deal(ana, "400", external_id="A")
    return next(item.key for item in read_feed(Viewer("rep"), now=world.now).items)
