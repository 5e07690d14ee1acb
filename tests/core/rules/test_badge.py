"""Badges: won when the number is reached, lost again when it no longer is."""

import pytest

from tests.core.rules.asking import earned

AGAIN = {"at_least": "3", "award": "unlimited"}


def test_an_unlimited_badge_comes_again():
    assert earned("badge", AGAIN, ["1", "2", "2", "1"]) == [0, 1, 0, 1]


def test_a_badge_is_lost_with_its_reason():
    assert earned("badge", {"at_least": "3"}, ["3", "-1", "1"]) == [1, -1, 1]


@pytest.mark.parametrize(("at_bound", "won"), [("upper", [1, 0]), ("lower", [0, 1])])
def test_at_the_lower_bound_the_number_must_be_passed(at_bound, won):
    assert earned("badge", {"at_least": "3"}, ["3", "0.5"], at_bound=at_bound) == won
