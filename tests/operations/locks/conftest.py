"""Two people who are paid, and somebody of finance."""

import pytest


@pytest.fixture
def ana(world):
    return world.payee("Ana Silva")


@pytest.fixture
def bo(world):
    return world.payee("Bo Lind")


@pytest.fixture
def fay(world):
    return world.login("Fay Berg", "finance")
